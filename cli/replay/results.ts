/** What a replay left of each run, a line each, as they ended. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunResult } from '../../reports/index.ts';

/** `out`: folder of a replay. Empty when nothing ended in it. */
export function readResults(out: string): readonly RunResult[] {
  const path = join(out, 'results.ndjson');
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RunResult);
}
