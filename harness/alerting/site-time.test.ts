import { expect, it } from 'vitest';
import { at, clockText, clockTextWithSeconds, freeFrom, nextTimeOfDay, within } from './site-time.ts';

const NIGHT = { from: at(23), to: at(7) };

it('a span may go over midnight', () => {
  expect([at(22, 59), at(23), at(2, 0, 1), at(6, 59), at(7)].map((time) => within(NIGHT, time))).toEqual([
    false,
    true,
    true,
    true,
    false,
  ]);
});

it('the next time of day is today or tomorrow, and now counts', () => {
  expect(nextTimeOfDay(at(23, 30), at(7))).toBe(at(7, 0, 1));
  expect(nextTimeOfDay(at(2, 0, 1), at(7))).toBe(at(7, 0, 1));
  expect(nextTimeOfDay(at(7), at(7))).toBe(at(7));
});

it('free time begins when spans that touch are all over', () => {
  const spans = [
    { from: at(9), to: at(10) },
    { from: at(10), to: at(12) },
  ];
  expect(freeFrom(spans, at(9, 30))).toBe(at(12));
  expect(freeFrom(spans, at(8))).toBe(at(8));
  expect(
    freeFrom(
      [
        { from: at(0), to: at(12) },
        { from: at(12), to: at(0) },
      ],
      at(5),
    ),
  ).toBeUndefined();
});

it('tells the day when it is another one', () => {
  expect(clockText(at(7, 10))).toBe('07:10');
  expect(clockText(at(12, 0, 1))).toBe('12:00 (+1 d)');
  expect(clockTextWithSeconds(at(12, 0, 1) + 5.9)).toBe('12:00:05 (+1 d)');
});
