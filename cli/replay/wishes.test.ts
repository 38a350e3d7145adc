import { expect, test } from 'vitest';
import { wishes } from './wishes.ts';

test('a signal that comes twice at once is one wish; a later one is another', () => {
  let now = 10_000;
  const wish = wishes(() => now);
  expect(wish()).toBe('stop');
  now += 2;
  expect(wish()).toBe('echo');
  now += 1000;
  expect(wish()).toBe('at once');
});
