/**
 * Writes the tables of the gates' README, conditions and condition by fault: `node lab/gluster/write-gate-table.ts`. The second one is
 * made from the captures, so it says what really flips.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONDITIONS } from '../../harness/index.ts';
import { rowsOf } from './golden-matrix.ts';
import type { Row } from './golden-matrix.ts';
import { replay } from './replay.ts';

export const README = join(import.meta.dirname, '../../harness/gates/README.md');
const BEGIN = '<!-- tables: made by `node lab/gluster/write-gate-table.ts`, do not edit -->';

const line = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map((row) => line(row))].join('\n');

const conditions = (): string =>
  table(
    ['code', 'name', 'profile', 'checks', 'would have prevented'],
    CONDITIONS.map((one) => [one.code, one.name, one.needs, one.checks, one.wouldHavePrevented]),
  );

function matrix(rows: readonly Row[]): string {
  const kinds = ['held', 'refused', 'unknown'] as const;
  return table(
    ['state', 'asked for', ...kinds],
    rows.map(({ says, asked, shut }) => [
      says,
      asked,
      ...kinds.map((kind) =>
        Object.entries(shut)
          .filter(([, found]) => found === kind)
          .map(([code]) => code)
          .join(' '),
      ),
    ]),
  );
}

export async function made(readme: string): Promise<string> {
  const head = readme.slice(0, readme.indexOf(BEGIN));
  if (head === '') throw new Error(`${README} has no line ${BEGIN}`);
  return `${head}${BEGIN}\n\n## Conditions\n\n${conditions()}\n\n## Condition by fault\n\n${matrix(await rowsOf(replay))}\n`;
}

if (import.meta.main) writeFileSync(README, await made(readFileSync(README, 'utf8')));
