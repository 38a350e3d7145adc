import { expect, it } from 'vitest';
import { textOf } from './gate-cost.ts';

it('the claim stands beside its noise', () => {
  const text = textOf(
    {
      p99Ms: { without: 100.15, asked: 235.24 },
      longestMs: { without: 266.1, asked: 534.2 },
      writes: { without: 1950, asked: 1711 },
      differenceMs: 135,
      noiseMs: 50.5,
      slower: 7,
      pairs: 8,
      verdict: 'costs',
    },
    1,
  );
  expect(text).toContain('difference of the p99 of neighbouring blocks: 135.0 ms (median), slower in 7 of 8');
  expect(text).toContain('noise: two blocks without the gate differ by 50.5 ms');
  expect(text).toContain('verdict: costs');
});
