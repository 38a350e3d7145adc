import { expect, test } from 'vitest';
import { Sketch } from './sketch.ts';

function sketch(prefix: string, from: number, to: number): Sketch {
  const made = new Sketch();
  for (let n = from; n < to; n += 1) made.add(`${prefix}${n}`);
  return made;
}

test('sets that share most of their members meet, in whatever order they were added', () => {
  expect(sketch('a', 0, 20_000).meets(sketch('a', 1000, 21_000))).toBe(true);
  expect(sketch('a', 0, 3).meets(sketch('a', 2, 5))).toBe(true);
});

test('sets that share nothing do not', () => {
  expect(sketch('a', 0, 20_000).meets(sketch('b', 0, 20_000))).toBe(false);
  expect(sketch('a', 0, 3).size).toBe(3);
});
