import { expect, it } from 'vitest';
import { costOf } from './cost.ts';
import type { Block } from './cost.ts';

/** Hundred writes a block; the slow ones make the p99. */
const block = (asked: boolean, slowMs: number): Block => ({
  asked,
  writesMs: [...Array.from({ length: 98 }, () => 3), slowMs, slowMs],
});
const blocks = (without: readonly number[], asked: readonly number[]): readonly Block[] =>
  without.flatMap((ms, at) => [block(false, ms), block(true, asked[at] ?? 0)]);
const WITHOUT = [10, 12, 9, 11, 10, 12, 9, 11];

it('a gate whose blocks are like their neighbours costs nothing', () => {
  const cost = costOf(blocks(WITHOUT, [11, 10, 11, 9, 12, 10, 11, 10]), 10);
  expect(cost).toMatchObject({
    verdict: 'nothing beyond the noise',
    pairs: 8,
    writes: { without: 800, asked: 800 },
    longestMs: { without: 12, asked: 12 },
  });
});

it('a gate that adds 10 ms to the slow writes costs something', () => {
  const cost = costOf(
    blocks(
      WITHOUT,
      WITHOUT.map((ms) => ms + 10),
    ),
    10,
  );
  expect(cost).toMatchObject({ verdict: 'costs', differenceMs: 10, slower: 8 });
});

it('one bad block is no cost: the pairs decide', () => {
  expect(costOf(blocks(WITHOUT, [11, 10, 11, 500, 12, 10, 11, 10]), 10).verdict).toBe(
    'nothing beyond the noise',
  );
});

it('drift that both share is no cost', () => {
  const drift = WITHOUT.map((_, at) => at * 5);
  const cost = costOf(
    blocks(
      drift,
      drift.map((ms) => ms + 1),
    ),
    10,
  );
  expect(cost.verdict).toBe('nothing beyond the noise');
});

it('noise that would hide a cost is said', () => {
  const wild = [10, 200, 5, 180, 20, 190, 15, 170];
  expect(costOf(blocks(wild, wild.toReversed()), 50).verdict).toBe('too noisy to tell');
});

it('too few pairs, or blocks out of turn, are no measurement', () => {
  expect(() => costOf(blocks([1, 2], [1, 2]), 10)).toThrow(/at least 6 pairs/);
  expect(() =>
    costOf(
      Array.from({ length: 16 }, () => block(false, 1)),
      10,
    ),
  ).toThrow(/out of turn/);
});
