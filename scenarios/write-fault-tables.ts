/**
 * Writes the tables of faults into their README: `node scenarios/write-fault-tables.ts [BUNDLE...]`. The catalogue comes from the code; the
 * matrix condition × fault and the detection fault × alert from the bundles of runs, and stay as they are when none is given.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  catalogueTable,
  detectionOf,
  detectionTable,
  FAULTS,
  flipsOf,
  matrixTable,
  withSection,
} from '../harness/index.ts';
import type { History } from '../harness/index.ts';
import { readJournal } from '../reports/index.ts';

export const README = join(import.meta.dirname, '../harness/faults/README.md');

export const withCatalogue = (readme: string): string =>
  withSection(readme, 'catalogue', `## Catalogue\n\n${catalogueTable(FAULTS)}`);

export function withRuns(readme: string, histories: readonly History[]): string {
  if (histories.length === 0) return readme;
  const matrix = histories.map((history) => `${titleOf(history)}\n\n${matrixTable(flipsOf(history))}`);
  const noticed = histories.map(
    (history) => `${titleOf(history)}\n\n${detectionTable(detectionOf(history))}`,
  );
  const text = withSection(
    readme,
    'matrix',
    ['## Condition × fault, as played', '`·` is open; only the last answer counts.', ...matrix].join('\n\n'),
  );
  return withSection(
    text,
    'detection',
    ['## Fault × alert, as played', 'In bold: alerts that page.', ...noticed].join('\n\n'),
  );
}

const titleOf = (history: History): string => {
  const began = history.find((event) => event.kind === 'run-began');
  return `### ${began?.spec.volume.layout ?? 'unknown layout'} (run ${began?.run ?? '?'})`;
};

if (import.meta.main) {
  const bundles = process.argv.slice(2);
  const histories = bundles.map((bundle) => readJournal(join(bundle, 'history.ndjson')).history);
  writeFileSync(README, withRuns(withCatalogue(readFileSync(README, 'utf8')), histories));
}
