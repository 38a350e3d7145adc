/** An interrupted replay ends when its labs are gone, not before. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Engine, sweepRun } from '../../lab/index.ts';
import { readAbout } from '../../reports/index.ts';

const LIMIT_MS = 60_000;

/** `out`: folder of a replay. Removes what its runs still have on the engine, whoever began it, and says what can't be removed. */
export async function removeLabsOf(out: string, host: string, say: (line: string) => void): Promise<void> {
  const engine = new Engine({ host });
  const sweep = (run: string): Promise<readonly string[]> =>
    sweepRun(engine, run, LIMIT_MS).catch((error: unknown) => [`what is left of ${run} (${String(error)})`]);
  const stuck = (await Promise.all(runsIn(out).map(sweep))).flat();
  say(
    stuck.length === 0
      ? 'no lab is left'
      : `could not remove ${stuck.join('; ')}; when the engine is well again: healproof prune`,
  );
}

/** A run says who it is before it makes anything; a folder that is no bundle has no lab. */
function runsIn(out: string): readonly string[] {
  return readdirSync(out, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => {
      try {
        return [readAbout(join(out, name)).id];
      } catch {
        return [];
      }
    });
}
