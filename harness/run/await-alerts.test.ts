import { expect, it } from 'vitest';
import type { Event } from '../model/event.ts';
import { awaitAlerts } from './await-alerts.ts';
import type { Stage } from './play.ts';

const SET = { set: 'naive' };

/** A clock that a pause moves on, and events that are there when their second has come. */
async function waited(
  events: readonly (readonly [second: number, event: object])[],
  alerts: readonly string[],
): Promise<{ seconds: number; output: unknown }> {
  let now = 0;
  const stage = {
    clock: { epochMs: () => now, pause: (ms: number) => Promise.resolve(void (now += ms)) },
    events: () =>
      events.flatMap(([second, event], seq) =>
        second * 1000 <= now ? [{ seq, atMs: second * 1000, ...event } as Event] : [],
      ),
    signal: new AbortController().signal,
  } as unknown as Stage;
  const outcome = await awaitAlerts(stage, {
    kind: 'await-alerts',
    fault: 'brick-killed',
    alerts,
    atLeastSeconds: 10,
    atMostSeconds: 30,
  });
  return { seconds: Math.round(now / 1000), output: 'output' in outcome ? outcome.output : outcome };
}
const began = [0, { kind: 'fault-began', fault: 'brick-killed', target: 'pve3' }] as const;
const firing = (name: string, labels: object = {}) => ({ kind: 'rule', name, state: 'firing', labels });

it('until every alert has fired, and for as long as other rules take', async () => {
  expect(await waited([began, [2, firing('A')], [15, firing('B')]], ['A', 'B'])).toEqual({
    seconds: 15,
    output: 'all have fired',
  });
  expect(await waited([began, [2, firing('A')]], ['A'])).toEqual({ seconds: 10, output: 'all have fired' });
});

it('one that fired before the fault, or that is of another set, does not count: it goes on, and says what was missing', async () => {
  const missed = { seconds: 30, output: 'not within 30 s: A' };
  expect(await waited([[0, firing('A')], began], ['A'])).toEqual(missed);
  expect(await waited([began, [2, firing('A', SET)]], ['A'])).toEqual(missed);
  expect(await waited([began, [2, { ...firing('A'), state: 'pending' }]], ['A'])).toEqual(missed);
});
