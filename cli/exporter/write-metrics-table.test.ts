import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { made, README } from './write-metrics-table.ts';

test('the table of metrics is that of the code: node cli/exporter/write-metrics-table.ts', () => {
  const readme = readFileSync(README, 'utf8');
  expect(made(readme)).toBe(readme);
});
