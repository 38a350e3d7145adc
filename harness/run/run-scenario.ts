/**
 * The one bracket that plays a scenario. It leaves a complete history; judging comes later, when the lab is gone.
 *
 *     open lab -> confirm clean -> disturb -> settle -> observe -> close
 */
import type { EventBody } from '../model/event.ts';
import { NOTICE_MS, playAftermath } from './aftermath.ts';
import { Live } from './live.ts';
import { playProcedure } from './play.ts';
import type { Stage } from './play.ts';
import type { AskGate, Clock, Journal, Lab, OpenLab, OpenQuestion } from './ports.ts';
import { receiptsForReboots } from './receipts.ts';
import { pendingIn, servicePending, volumePending } from './rest.ts';
import type { Pending } from './rest.ts';
import type { Scenario } from './scenario.ts';
import { until } from './until.ts';

export interface RunPorts {
  readonly openLab: OpenLab;
  /** Makes the operator's way of asking gates in an opened lab. */
  readonly gatesOf: (lab: Lab) => AskGate;
  /** Makes the harness's own way of asking every condition, which is there also when the operator is cut off. */
  readonly questionsOf: (lab: Lab) => OpenQuestion;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const CLEAN_MS = 20_000;
/** A backlog that has not moved for this long with every brick there will not move any more. */
const STALLED_MS = 30_000;

const messageOf = (error: unknown): string =>
  error instanceof Error
    ? [error.message, ...(error.cause === undefined ? [] : [messageOf(error.cause)])].join(': ')
    : String(error);

/** Plays the scenario. Never throws for what happens in it: an aborted run has an `aborted` event, and so can't be judged as passed. */
export async function runScenario(scenario: Scenario, run: string, ports: RunPorts): Promise<void> {
  const live = new Live(ports.journal);
  const phase = (name: Extract<EventBody, { kind: 'phase' }>['phase']) =>
    live.record({ kind: 'phase', phase: name });
  try {
    phase('open');
    await using lab = await ports.openLab(scenario.site, run, live, ports.signal);
    try {
      const stage: Stage = {
        ...ports,
        lab,
        journal: live,
        askGate: ports.gatesOf(lab),
        openQuestion: ports.questionsOf(lab),
        events: () => live.events,
      };
      phase('confirm');
      await confirmClean(stage, live);
      phase('disturb');
      await disturb(stage, live, scenario);
      phase('settle');
      await settle(stage, live, scenario.settleSeconds);
      await servedOrLost(stage, live);
      phase('observe');
      await lab.quiesce();
      live.record({ kind: 'observed', snapshot: await lab.observe('end') });
    } catch (error) {
      live.record({ kind: 'aborted', because: messageOf(error) });
    }
    phase('close');
    await lab.collectLogs();
  } catch (error) {
    live.record({ kind: 'aborted', because: messageOf(error) });
  } finally {
    phase('over');
  }
}

async function confirmClean({ lab, clock, signal }: Stage, live: Live): Promise<void> {
  const nowMs = () => clock.epochMs() - lab.beganEpochMs;
  const pending = () => [
    ...volumePending(lab.spec, live, nowMs()),
    ...servicePending(lab.spec, live, nowMs()),
  ];
  const clean = await until(clock, () => pending()[0], { withinMs: CLEAN_MS, everyMs: 100, signal });
  throwIfInterrupted(signal);
  if (clean.kind === 'late')
    throw new Error(`the lab was not clean before the play: ${pending().join('; ')}`);
}

async function disturb(stage: Stage, live: Live, { procedure, aftermath }: Scenario): Promise<void> {
  await playProcedure(stage, procedure);
  throwIfInterrupted(stage.signal);
  for (const receipt of receiptsForReboots(live.events)) live.record(receipt);
  await calmOrDown(stage, live);
  if (aftermath === undefined) return;
  if (live.reach('customer') !== 'down' && aftermath.evenIfServed === undefined) return;
  await playAftermath(stage, live, aftermath);
}

/** A failing disk takes a router down only seconds later: watches until all is well or the customer is cut off, or long enough. */
async function calmOrDown({ lab, clock, signal }: Stage, live: Live): Promise<void> {
  const notWell = () => servicePending(lab.spec, live, clock.epochMs() - lab.beganEpochMs)[0];
  const pending = () => (live.reach('customer') === 'down' ? undefined : notWell());
  await until(clock, pending, { withinMs: NOTICE_MS, everyMs: 100, signal });
}

/** Longer than any interruption that is allowed. */
const LOST_MS = 12_000;

/** An interruption that has just begun is watched until it is over, or is too long for any limit: it would end with the watching. */
async function servedOrLost({ lab, clock, signal }: Stage, live: Live): Promise<void> {
  const nowMs = () => clock.epochMs() - lab.beganEpochMs;
  const pending = () =>
    (['customer', 'offsite'] as const).find(
      (who) => live.reach(who) !== 'up' && nowMs() - live.lastReachedMs(who) < LOST_MS,
    );
  await until(clock, pending, { withinMs: LOST_MS, everyMs: 100, signal });
  throwIfInterrupted(signal);
}

/** Waits until nothing is pending; gives up early when what is pending can't change any more. */
async function settle({ lab, clock, signal }: Stage, live: Live, seconds: number): Promise<void> {
  throwIfInterrupted(signal);
  await lab.endFaults();
  let last = '';
  let unchangedSince = clock.epochMs();
  let pending: readonly Pending[] = [];
  const waited = await until(
    clock,
    () => {
      pending = pendingIn(lab.spec, live, clock.epochMs() - lab.beganEpochMs);
      const now = pending.map(({ text }) => text).join('; ');
      if (now !== last) [last, unchangedSince] = [now, clock.epochMs()];
      const isBacklog = pending.every(({ heals }) => heals);
      if (isBacklog && clock.epochMs() - unchangedSince > STALLED_MS) return undefined;
      return pending[0]?.text;
    },
    { withinMs: seconds * 1000, everyMs: 500, signal },
  );
  throwIfInterrupted(signal);
  const left = pending.map(({ text }) => text);
  live.record({ kind: 'settled', ok: left.length === 0, pending: left, tookMs: waited.tookMs });
}

function throwIfInterrupted(signal: AbortSignal): void {
  if (signal.aborted) throw new Error(`interrupted (${String(signal.reason)})`);
}
