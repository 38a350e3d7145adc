/** The alerts do what they are there for: each fault fires those that its entry names, and none pages while nothing is wrong. */
import { detect, faultsIn } from '../alerting/detection.ts';
import { about } from '../faults/fault.ts';
import type { Fault } from '../faults/fault.ts';
import type { History } from '../model/event.ts';
import type { Verdict } from '../model/verdict.ts';
import { Case } from './conclude.ts';
import { frameOf } from './frame.ts';
import type { Oracle } from './oracle.ts';
import { list, many, seconds } from './say.ts';

/** `faults`: those that the run has to play. Rules that are measured beside ours don't count. */
export function faultsNoticed(faults: readonly Fault[]): Oracle {
  return {
    name: 'faults-noticed',
    aspect: 'availability',
    means: `Every fault fires the alerts that its entry in the catalogue names, and nothing pages while nothing is wrong: before a fault, and once the gate was open after it${about(faults)}`,
    evidence: 'the begin of a fault that was not noticed, or the alert that nobody needed',
    check: (history) => check(history, faults),
  };
}

/** An alert may still come for this long after a fault has ended: rules have a `for`, the pager a way. */
export const GRACE_MS = 5000;

function check(history: History, faults: readonly Fault[]): Verdict {
  const frame = frameOf(history);
  const found = new Case();
  const troubles = faultsIn(history);
  const { rows, falseAlarms } = detect(history, troubles, {
    graceMs: GRACE_MS,
    fromMs: frame.disturb?.fromMs ?? 0,
  });
  const began = history.filter((event) => event.kind === 'fault-began');
  for (const { name, noticedBy } of faults) {
    const index = began.findLastIndex(({ fault }) => fault === name);
    const [begin, row] = [began[index], rows[index]];
    if (begin === undefined || row === undefined) {
      found.doubt(`${name} was never brought about`);
      continue;
    }
    const fired = row.noticed.filter(({ set }) => set === undefined).map(({ alert }) => alert);
    const missing = noticedBy.filter((alert) => !fired.includes(alert));
    if (missing.length > 0)
      found.find({
        what: `${name} on ${begin.target} did not fire ${list(missing)}`,
        evidence: [begin.seq],
        atMs: begin.atMs,
      });
  }
  const untilMs = frame.disturb?.toMs ?? 0;
  for (const { alert, set, pages, atMs, evidence } of falseAlarms)
    if (pages && set === undefined && atMs <= untilMs)
      found.find({
        what: `${alert} paged at ${seconds(atMs)} while nothing was wrong`,
        evidence: [evidence],
        atMs,
      });
  return found.conclude(frame, {
    broken: () => found.summary(),
    holds: () =>
      `${faults.length === 0 ? '' : `${many(faults.length, 'fault')} fired what they must, and `}nothing paged while nothing was wrong`,
    looked: faults.length + rulesHeard(history),
  });
}

/** A monitoring that says nothing at all, not even that it lives, has not kept quiet: it was not there. */
const rulesHeard = (history: History): number => history.filter(({ kind }) => kind === 'rule').length;
