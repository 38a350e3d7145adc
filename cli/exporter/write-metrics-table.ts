/** Writes the table of metrics into the README: `node cli/exporter/write-metrics-table.ts`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { metricsTable, withSection } from '../../harness/index.ts';

export const README = join(import.meta.dirname, 'README.md');

export const made = (readme: string): string => withSection(readme, 'metrics', metricsTable());

if (import.meta.main) writeFileSync(README, made(readFileSync(README, 'utf8')));
