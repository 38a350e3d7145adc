/** Writes what published gates came to on a real volume into their README: `node scenarios/write-specimen-table.ts RESULTS.ndjson...`, as `replay` leaves it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withSection } from '../harness/index.ts';
import type { RunResult } from '../reports/index.ts';

const README = join(import.meta.dirname, 'specimens/README.md');

/** Which gate, which volume, and whether the night went wrong with it. Of `before`, rows of nights that were not played again stay. */
export function specimenTable(results: readonly RunResult[], before = ''): string {
  const number = (value: number | null): string => (value === null ? 'not known' : String(value));
  const rows = results.map(
    ({ scenario, volume, verdict, oracles, outageSeconds, splitBrainFiles, lostWrites }) => [
      scenario,
      volume,
      verdict === 'holds' ? 'holds' : `**${verdict}**`,
      oracles.find(({ name }) => name === 'gate-honest')?.verdict === 'broken' ? 'yes' : 'no',
      number(outageSeconds),
      number(splitBrainFiles),
      number(lostWrites),
    ],
  );
  const head = [
    'night',
    'volume',
    'verdict',
    'took a node down that was needed',
    'outage s',
    'files in split-brain',
    'lost writes',
  ];
  const kept = before
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2)
    .filter((line) => !rows.some(([night]) => line.startsWith(`| ${night} |`)));
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return [...lines, ...kept].join('\n');
}

if (import.meta.main) {
  const results = process.argv
    .slice(2)
    .flatMap((file) => readFileSync(file, 'utf8').trim().split('\n'))
    .map((line) => JSON.parse(line) as RunResult);
  const readme = readFileSync(README, 'utf8');
  writeFileSync(README, withSection(readme, 'specimens', specimenTable(results, readme)));
}
