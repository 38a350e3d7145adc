import { expect, test } from 'vitest';
import { wholeNumber } from './arguments.ts';

const oneToTen = wholeNumber(1, 10);

test.each([
  ['1', 1],
  ['10', 10],
])('%s', (text, value) => {
  expect(oneToTen(text)).toBe(value);
});

test.each(['', '0', '11', '1.5', '-1', 'x', '1x', '1e1'])('"%s" is refused, with the limits', (text) => {
  expect(() => oneToTen(text)).toThrow('give a whole number from 1 to 10.');
});
