import { expect, test } from 'vitest';
import { node } from '../../harness/index.ts';
import type { Clock } from '../../harness/index.ts';
import type { LeaseOutcome } from '../../lab/on-site.ts';
import { holdLease } from './hold.ts';
import type { Held, HoldOptions } from './hold.ts';

const wish = { owner: 'ann', node: node('pve2'), ttlSeconds: 30, token: 't' };
const taken: LeaseOutcome = { kind: 'taken', lease: { ...wish, ageSeconds: 0 }, on: [], uncounted: [] };
const bobs: LeaseOutcome = {
  kind: 'held',
  by: { ...wish, owner: 'bob', node: node('pve3'), ageSeconds: 0 },
};

/** Stands still until it is told to go on. */
function fakeClock(): Clock & { readonly go: (seconds: number) => Promise<void> } {
  let now = 0;
  let waiting: { readonly at: number; readonly done: () => void }[] = [];
  return {
    epochMs: () => now,
    pause: (ms, signal) =>
      new Promise((done) => {
        if (signal?.aborted === true) return done();
        signal?.addEventListener('abort', () => done(), { once: true });
        waiting.push({ at: now + ms, done: () => done() });
      }),
    go: async (seconds) => {
      for (let step = 0; step < seconds; step += 1) {
        now += 1000;
        for (const { at, done } of waiting) if (at <= now) done();
        waiting = waiting.filter(({ at }) => at > now);
        // Everything that was waited for goes on before the next second.
        for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
      }
    },
  };
}

const holding = (clock: Clock, more: Partial<HoldOptions>): Held =>
  holdLease({
    shells: [],
    wish,
    clock,
    askedAtMs: 0,
    onLost: () => undefined,
    renew: () => Promise.resolve(taken),
    last: () => Promise.resolve(taken),
    ...more,
  });

test('kept is only what a last heartbeat says, however well the one before went', async () => {
  const clock = fakeClock();
  await using held = holding(clock, { last: () => Promise.resolve(bobs) });
  await clock.go(12);
  expect(held.lost).toBeUndefined();
  expect(await held.keep()).toEqual({ kind: 'lost', because: 'bob has the lease now, for pve3' });
  expect(held.lost).toContain('bob');
});

test('a heartbeat in flight that loses it is heard before anything is kept', async () => {
  const clock = fakeClock();
  const answer = Promise.withResolvers<LeaseOutcome>();
  await using held = holding(clock, { renew: () => answer.promise });
  await clock.go(11);
  const kept = held.keep();
  answer.resolve(bobs);
  expect(await kept).toMatchObject({ kind: 'lost' });
});

test('what is left is counted from before the last question', async () => {
  const clock = fakeClock();
  await using held = holding(clock, { last: () => clock.go(4).then(() => taken) });
  await clock.go(12);
  expect(await held.keep()).toEqual({ kind: 'kept', leftMs: 26_000 });
});

test('no answer in the time that is left is a lease lost, and is told then', async () => {
  const clock = fakeClock();
  const lost: string[] = [];
  const limits: number[] = [];
  const answer = Promise.withResolvers<LeaseOutcome>();
  await using held = holding(clock, {
    onLost: (because) => void lost.push(because),
    renew: (_shells, _wish, withinMs) => {
      limits.push(withinMs);
      return answer.promise;
    },
  });
  await clock.go(29);
  expect([limits, lost]).toEqual([[20_000], []]);
  await clock.go(1);
  expect(lost).toEqual([expect.stringContaining('no answer within the 20 s that were left')]);
  answer.resolve(taken);
  expect(await held.keep()).toMatchObject({ kind: 'lost' });
});

test('the time it took to be granted is part of its time', async () => {
  const clock = fakeClock();
  await clock.go(25);
  let asked = 0;
  await using held = holding(clock, {
    renew: () => {
      asked += 1;
      return Promise.resolve(taken);
    },
  });
  await clock.go(10);
  expect([asked, held.lost]).toEqual([0, expect.stringContaining('over before it was renewed')]);
});
