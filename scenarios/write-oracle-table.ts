/** Writes the table of oracles into its README: `node scenarios/write-oracle-table.ts`. With `--check` it only says whether that is needed. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { everyOracle, withOracleTable } from '../harness/index.ts';

export const README = join(import.meta.dirname, '../harness/oracles/README.md');

export const made = (readme: string): string => withOracleTable(readme, everyOracle());

if (import.meta.main) {
  const now = readFileSync(README, 'utf8');
  const next = made(now);
  if (process.argv.includes('--check')) {
    if (now !== next) {
      console.error('the table of oracles is out of date: run node scenarios/write-oracle-table.ts');
      process.exitCode = 1;
    }
  } else writeFileSync(README, next);
}
