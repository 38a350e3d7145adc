import { expect, it } from 'vitest';
import type { EventBody, History } from '../model/event.ts';
import { siteClockOf } from './site-clock.ts';
import { at } from './site-time.ts';

const history = (...lines: readonly (readonly [number, EventBody])[]): History =>
  lines.map(([atMs, body], seq) => ({ seq, atMs, ...body }));

it('runs with the lab from the begin of the play, and jumps by what people take', () => {
  const clock = siteClockOf(
    history(
      [20_000, { kind: 'phase', phase: 'disturb' }],
      [80_000, { kind: 'person', who: 'operator', does: 'sleeps', siteSeconds: 3600 }],
    ),
  );
  expect([10_000, 20_000, 79_000, 80_000, 90_000].map((ms) => clock.at(ms))).toEqual([
    at(23, 50) - 10,
    at(23, 50),
    at(23, 50) + 59,
    at(0, 51, 1),
    at(0, 51, 1) + 10,
  ]);
});

it('tells what people took within a span, its ends included', () => {
  const took = (atMs: number, siteSeconds: number): readonly [number, EventBody] => [
    atMs,
    { kind: 'person', who: 'operator', does: 'something', siteSeconds },
  ];
  const clock = siteClockOf(history(took(1000, 1), took(2000, 20), took(3000, 300)));
  expect(clock.modelledSeconds({ fromMs: 1000, toMs: 2000 })).toBe(21);
  expect(clock.modelledSeconds({ fromMs: 2001, toMs: 2999 })).toBe(0);
});
