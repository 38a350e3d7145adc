import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Samples } from './samples.ts';

const seen = (samples: Samples): readonly (readonly [number, number])[] => {
  const all: (readonly [number, number])[] = [];
  samples.each((atMs, state) => all.push([atMs, state]));
  return all;
};

test('property: samples come out in order of time, then of state, however they came in', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 3 }))),
      (all) => {
        const samples = new Samples();
        all.forEach(([atMs, state], seq) => samples.push(atMs, state, seq));
        expect(seen(samples)).toEqual(all.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]));
      },
    ),
  );
});

test('a stream that comes backwards is sorted too, and quickly', () => {
  const samples = new Samples();
  for (let i = 0; i < 200_000; i += 1) samples.push(200_000 - i, 0, i);
  expect(samples.before(0)).toBeUndefined();
  expect(samples.before(1)).toEqual({ atMs: 1, state: 0, seq: 199_999 });
  expect(samples.after(199_999)).toEqual({ atMs: 200_000, state: 0, seq: 0 });
  expect(samples.after(200_000)).toBeUndefined();
});
