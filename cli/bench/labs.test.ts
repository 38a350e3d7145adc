import { expect, test } from 'vitest';
import { nightRows } from './labs.ts';
import { median } from './median.ts';

test('the median of an odd and of an even number of values', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([])).toBeNaN();
});

test('the nights are summed by round before the median is taken, and the incident has a limit of its own', () => {
  const rounds = [
    { 'fixed-delay-replica-2': 100, other: 400 },
    { 'fixed-delay-replica-2': 130, other: 300 },
    { 'fixed-delay-replica-2': 125, other: 500 },
  ];
  expect(nightRows(rounds)).toEqual([
    { name: 'fixed-delay-replica-2, s', median: 125, min: 100, max: 130, limit: 120 },
    { name: 'other, s', median: 400, min: 300, max: 500 },
    { name: 'all nights, s', median: 500, min: 430, max: 625, limit: 540 },
  ]);
});

test('a night that is missing in a round makes no number up', () => {
  expect(nightRows([{ a: 1 }, { a: 2, b: 3 }]).find(({ name }) => name === 'b, s')?.median).toBeNaN();
});
