import { describe, expect, test } from 'vitest';
import { pendingAt } from './backlog.ts';
import { Samples } from './samples.ts';

const counted = (...samples: readonly (readonly [atMs: number, count: number])[]): Samples => {
  const all = new Samples();
  samples.forEach(([atMs, count], seq) => all.push(atMs, count, seq));
  return all;
};
const LIMITS = { sinceMs: 0, ageMs: 3000 };

describe('what counts before and after a moment prove', () => {
  test('pending before and after: pending', () => {
    expect(pendingAt(counted([900, 5], [1400, 4]), 1000, LIMITS)).toEqual({
      kind: 'pending',
      count: 5,
      seqs: [0, 1],
    });
  });

  test('pending before and nothing after: the heal may have ended just in time', () => {
    expect(pendingAt(counted([900, 5], [1400, 0]), 1000, LIMITS)).toMatchObject({ kind: 'not known' });
  });

  test('pending before and nobody there after: pending', () => {
    expect(pendingAt(counted([900, 5], [1400, -1]), 1000, LIMITS)).toMatchObject({ kind: 'pending' });
    expect(pendingAt(counted([900, 5]), 1000, LIMITS)).toMatchObject({ kind: 'pending' });
  });

  test('nothing before: nothing, unless that was before the last node came back', () => {
    expect(pendingAt(counted([900, 0], [1400, 7]), 1000, LIMITS)).toEqual({ kind: 'nothing', seq: 0 });
    expect(pendingAt(counted([900, 0]), 1000, { ...LIMITS, sinceMs: 950 })).toMatchObject({
      kind: 'not known',
    });
  });

  test.each([
    ['nobody counted', counted()],
    ['only after', counted([1100, 0])],
    ['too long before', counted([100, 0])],
    ['the index could not be read', counted([9900, -1])],
  ])('%s: not known', (_, samples) => {
    expect(pendingAt(samples, 10_000, LIMITS)).toMatchObject({ kind: 'not known' });
  });

  test('never counted at all: not known', () => {
    expect(pendingAt(undefined, 1000, LIMITS)).toMatchObject({ kind: 'not known' });
  });
});
