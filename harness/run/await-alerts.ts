/** A step of a matrix: a fault is left to those who watch. */
import type { Event, EventOf, StepOutcome } from '../model/event.ts';
import type { Action } from '../procedures/procedure.ts';
import type { Stage } from './play.ts';
import { lastBegin } from './rule.ts';
import { until } from './until.ts';

const LOOK_EVERY_MS = 200;

export async function awaitAlerts(
  { clock, events, signal }: Stage,
  { fault, alerts, atLeastSeconds, atMostSeconds }: Extract<Action, { kind: 'await-alerts' }>,
): Promise<StepOutcome> {
  const began = clock.epochMs();
  const since = lastBegin(events(), fault) ?? 0;
  const missing = (): string | undefined => {
    const fired = events()
      .filter(isAlarm)
      .filter(({ seq }) => seq > since);
    const silent = alerts.filter((alert) => !fired.some(({ name }) => name === alert));
    if (silent.length > 0) return silent.join(', ');
    return clock.epochMs() - began < atLeastSeconds * 1000 ? 'the time that other rules take' : undefined;
  };
  const waited = await until(clock, missing, {
    withinMs: atMostSeconds * 1000,
    everyMs: LOOK_EVERY_MS,
    signal,
  });
  return {
    kind: 'done',
    output: waited.kind === 'met' ? 'all have fired' : `not within ${atMostSeconds} s: ${waited.pending}`,
  };
}

/** One of ours: those of a set that is measured beside them carry its name. */
const isAlarm = (event: Event): event is EventOf<'rule'> | EventOf<'alert'> =>
  (event.kind === 'rule' || event.kind === 'alert') &&
  event.state === 'firing' &&
  event.labels['set'] === undefined;
