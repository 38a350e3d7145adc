import { expect, test } from 'vitest';
import type { Leftover } from '../../lab/index.ts';
import { removedLines, sorted } from './prune.ts';

const thing = (name: string, pid: number): Leftover => ({ kind: 'volume', id: name, name, run: 'r', pid });

test('what a living process made is not left over', () => {
  const [dead, living] = [thing('a', 1), thing('b', 2)];
  expect(sorted([dead, living], (pid) => pid === 2)).toEqual({ dead: [dead], living: [living] });
  expect(sorted([], () => true)).toEqual({ dead: [], living: [] });
});

test('it says what it removed, or that there was nothing', () => {
  expect(removedLines([], [])).toEqual(['Nothing was left over.']);
  expect(removedLines([thing('a', 1)], ['/labs/lab-1'])).toEqual([
    'removed volume a of r',
    'removed /labs/lab-1',
  ]);
});
