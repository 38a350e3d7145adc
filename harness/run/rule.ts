/** A step of a matrix: every condition of a gate is asked until exactly those are shut that must be. */
import { faultNamed } from '../faults/catalogue.ts';
import { flipDifferences } from '../faults/flips.ts';
import type { Event, StepOutcome } from '../model/event.ts';
import type { Action } from '../procedures/procedure.ts';
import type { Stage } from './play.ts';
import { until } from './until.ts';

/** A look takes about a second by itself; the next one follows soon. */
const LOOK_EVERY_MS = 700;

/** Always `done` when there was an answer: whether it is the right one is for an oracle to say. Without a fault it must be open. */
export async function rule(
  stage: Stage,
  { gate, node, fault, budgetSeconds, atLeastSeconds = 0 }: Extract<Action, { kind: 'rule' }>,
): Promise<StepOutcome> {
  const { clock, journal, signal } = stage;
  const known = fault === undefined ? undefined : faultNamed(fault);
  const of = fault === undefined ? undefined : lastBegin(stage.events(), fault);
  const look = stage.openQuestion(gate, node);
  let answers = 0;
  const waited = await until(
    clock,
    async () => {
      const { rulings, stable } = await look(signal);
      if (!stable) return 'enough looks in a row';
      answers += 1;
      journal.record({ kind: 'ruled', gate, node, rulings, ...(of === undefined ? {} : { of }) });
      return flipDifferences(known, rulings)[0];
    },
    { withinMs: budgetSeconds * 1000, everyMs: LOOK_EVERY_MS, signal },
  );
  const left = atLeastSeconds * 1000 - waited.tookMs;
  if (left > 0) await clock.pause(left, signal);
  const took = `${(waited.tookMs / 1000).toFixed(1)} s`;
  if (waited.kind === 'met') return { kind: 'done', output: `as expected after ${took}` };
  const because = `not as expected within ${took}: ${waited.pending}`;
  return answers === 0 || fault === undefined
    ? { kind: 'given-up', because }
    : { kind: 'done', output: because };
}

/** Number of the event with which a fault began last. */
export function lastBegin(events: readonly Event[], fault: string): number | undefined {
  return events.findLast((event) => event.kind === 'fault-began' && event.fault === fault)?.seq;
}
