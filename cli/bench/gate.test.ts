import { expect, test } from 'vitest';
import { textOf } from './gate.ts';

const row = (pending: number, gateMs: readonly number[]) => ({
  pending,
  healInfoMs: [7000, 6000, 8000],
  gateMs,
  looksMs: [700],
  answer: 'refused',
});

test('medians beside each other; a late answer is marked, but not beyond 5,000 entries', () => {
  const text = textOf('a machine', [
    row(5003, [900, 1500, 800]),
    row(5003, [2100, 2100, 100]),
    row(10_001, [2500]),
  ]);
  expect(text.split('\n').slice(3)).toEqual([
    '    5003    7.00 (6.00 to 8.00)       0.90 (0.80 to 1.50)       0.70 (0.70 to 0.70)     refused',
    '    5003    7.00 (6.00 to 8.00)       2.10 (0.10 to 2.10)       0.70 (0.70 to 0.70)     refused  over 2 s',
    '   10001    7.00 (6.00 to 8.00)       2.50 (2.50 to 2.50)       0.70 (0.70 to 0.70)     refused',
    '',
  ]);
});
