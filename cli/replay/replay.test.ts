import { expect, test } from 'vitest';
import type { RunResult } from '../../reports/index.ts';
import { exitCodeOf } from './replay.ts';

const run = (verdict: RunResult['verdict'], asExpected: boolean): RunResult =>
  ({ verdict, expected: 'holds', asExpected }) as RunResult;
const RIGHT = run('holds', true);
const WRONG = run('broken', false);
const OPEN = run('unknown', false);

test.each([
  [[RIGHT, RIGHT], 0],
  [[RIGHT, WRONG], 1],
  [[RIGHT, OPEN], 2],
  // What is proven is told before what is not known.
  [[OPEN, WRONG], 1],
  [[RIGHT], 3],
  [[], 3],
] as const)('%# ends with the code of the README', (results, code) => {
  expect(exitCodeOf({ results, interrupted: false, planned: 2 })).toBe(code);
});
