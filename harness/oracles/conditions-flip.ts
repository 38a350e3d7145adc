/** Each fault shuts the conditions that it must, and no others. For runs that play faults one by one and ask every condition about each. */
import { faultNamed } from '../faults/catalogue.ts';
import { flipDifferences } from '../faults/flips.ts';
import { about } from '../faults/fault.ts';
import type { Fault } from '../faults/fault.ts';
import type { EventOf, History } from '../model/event.ts';
import type { Verdict } from '../model/verdict.ts';
import { Case } from './conclude.ts';
import { frameOf } from './frame.ts';
import type { Oracle } from './oracle.ts';
import { many } from './say.ts';

/** `faults`: those that the run has to play. */
export function conditionsFlip(faults: readonly Fault[]): Oracle {
  return {
    name: 'conditions-flip',
    aspect: 'harness',
    means: `Every fault shuts exactly the conditions that its entry in the catalogue names, and without a fault every condition is open${about(faults)}`,
    evidence: 'the last answer about a fault, and its begin',
    check: (history) => check(history, faults),
  };
}

function check(history: History, faults: readonly Fault[]): Verdict {
  const found = new Case();
  const began = history.filter((event) => event.kind === 'fault-began');
  for (const fault of faults) {
    const begin = began.findLast((event) => event.fault === fault.name);
    const last = begin === undefined ? undefined : lastRuling(history, begin.seq);
    if (begin === undefined) found.doubt(`${fault.name} was never brought about`);
    else if (history.some((event) => event.kind === 'no-receipt' && event.of === begin.seq))
      found.doubt(`nobody saw that ${fault.name} took effect`);
    else if (last === undefined) found.doubt(`nobody asked the gate about ${fault.name}`);
    else
      for (const what of flipDifferences(fault, last.rulings))
        found.find({ what: `${fault.name}: ${what}`, evidence: [last.seq, begin.seq], atMs: last.atMs });
  }
  const calm = quietRulings(history);
  if (calm.length === 0) found.doubt('the gate was never asked without a fault');
  for (const ruled of calm)
    for (const what of flipDifferences(undefined, ruled.rulings))
      found.find({ what: `without a fault: ${what}`, evidence: [ruled.seq], atMs: ruled.atMs });
  // The site is asked for last of all, too, and a question that is given up is no answer.
  const last = history.findLast((event) => event.kind === 'step-ended');
  if (last !== undefined && last.outcome.kind !== 'done')
    found.doubt(`the last step did not end well: ${last.outcome.kind}`);
  for (const { fault } of began) faultNamed(fault);
  return found.conclude(frameOf(history), {
    broken: () => found.summary(),
    holds: () => `${many(faults.length, 'fault')} shut what they must and nothing else`,
    looked: faults.length,
  });
}

const lastRuling = (history: History, of: number): EventOf<'ruled'> | undefined =>
  history.findLast((event) => event.kind === 'ruled' && event.of === of) as EventOf<'ruled'> | undefined;

/** The last answer of each question that was asked without a fault: what counts is what it came to. */
function quietRulings(history: History): readonly EventOf<'ruled'>[] {
  const quiet: EventOf<'ruled'>[] = [];
  let last: EventOf<'ruled'> | undefined;
  for (const event of history) {
    if (event.kind === 'ruled' && event.of === undefined) last = event;
    else if (event.kind === 'step-ended' && last !== undefined) {
      quiet.push(last);
      last = undefined;
    }
  }
  return quiet;
}
