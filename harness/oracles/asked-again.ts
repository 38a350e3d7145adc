/** The oracles that a run was judged with, put together again from its history and from what was written of them. Pure. */
import { FAULTS, faultNamed } from '../faults/catalogue.ts';
import type { Fault } from '../faults/fault.ts';
import type { History } from '../model/event.ts';
import { unknown } from '../model/verdict.ts';
import { conditionsFlip } from './conditions-flip.ts';
import { faultsNoticed } from './faults-noticed.ts';
import { eachGoesDown, faultsTookHold } from './faults-took-hold.ts';
import { everyOracle, USUAL_LIMITS } from './index.ts';
import type { Oracle } from './oracle.ts';
import { personAcknowledged } from './person-acknowledged.ts';

/** `means` tells limits apart; verdicts of before have none. */
export interface Asked {
  readonly name: string;
  readonly means?: string;
}

/** `asked`: undefined when the run was never judged. Which can't be put together again answers `unknown`. */
export function askedAgain(history: History, asked: readonly Asked[] | undefined): readonly Oracle[] {
  if (asked === undefined) return everyOracle();
  const names = new Set(history.flatMap((event) => (event.kind === 'fault-began' ? [event.fault] : [])));
  const faults = [...names].map((name) => faultNamed(name));
  const nodes = history.find((event) => event.kind === 'run-began')?.spec.nodes ?? [];
  const known: readonly Oracle[] = [
    ...everyOracle(),
    faultsTookHold(eachGoesDown(nodes)),
    ...faults.map(({ name }) => personAcknowledged({ ...USUAL_LIMITS.acknowledge, faults: [name] })),
  ];
  return asked.map(({ name, means }) => {
    // What it had to play, and not what came to be played; verdicts of before don't say what that was.
    const aboutFaults = ABOUT_FAULTS.find((oracle) => oracle([]).name === name);
    if (aboutFaults !== undefined) {
      const named = means === undefined ? faults : faultsNamedIn(means);
      return named === undefined ? lost(name) : aboutFaults(named);
    }
    const ofName = known.filter((one) => one.name === name);
    const same = ofName.find((one) => means === undefined || one.means === means);
    const [only, ...more] = ofName;
    // In other words than now: the limits are the numbers in them.
    const inOtherWords =
      more.length === 0 && only !== undefined && limitsIn(only.means) === limitsIn(means ?? '');
    return same ?? (inOtherWords ? only : lost(name));
  });
}

const ABOUT_FAULTS = [conditionsFlip, faultsNoticed];

/** Those that `about` has written behind a sentence; undefined when that is not known, or one is not in the catalogue any more. */
function faultsNamedIn(means: string): readonly Fault[] | undefined {
  const names = / \(([a-z0-9-]+(?:, [a-z0-9-]+)*)\)$/.exec(means)?.[1]?.split(', ') ?? [];
  const found = names.flatMap((name) => FAULTS.find((fault) => fault.name === name) ?? []);
  return found.length === names.length ? found : undefined;
}

const limitsIn = (means: string): string => [...means.matchAll(/\d+(?:\.\d+)?/g)].join(' ');

const lost = (name: string): Oracle => ({
  name,
  aspect: 'harness',
  means: 'It was asked when the run was judged',
  evidence: 'none',
  check: () => unknown(`${name} was asked with limits of its story: what it said is in verdict.json`),
});
