import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { METRICS } from '../../harness/index.ts';
import { made, README } from './write-metrics-table.ts';

test('the table of metrics is that of the code: node cli/exporter/write-metrics-table.ts', () => {
  const readme = readFileSync(README, 'utf8');
  expect(made(readme)).toBe(readme);
});

/** Rows of what the rules stand on, and who tells them. */
const rows = readFileSync(join(import.meta.dirname, '../../lab/monitoring/metrics.md'), 'utf8')
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter((cells) => /^`[a-z_]+`$/.test(cells[1] ?? ''))
  .map(([, name = '', labels = '', toldBy = '']) => ({
    name: name.replaceAll('`', ''),
    labels: labels.replaceAll(/=`.*/g, '').split(', ').filter(Boolean),
    toldBy,
  }));
const expected = rows.filter(({ toldBy }) => /exporter|gluster-prometheus/.test(toldBy));

test('there is something that the rules expect of an exporter', () => {
  expect(expected.length).toBeGreaterThan(15);
});

test.each(expected)('$name is told with the labels that the rules stand on', ({ name, labels }) => {
  expect([...(METRICS.find((one) => one.name === name)?.labels ?? [])].toSorted()).toEqual(labels.toSorted());
});
