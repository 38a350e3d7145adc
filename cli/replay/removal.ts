/** An interrupted replay ends when its labs are gone, not before. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../../harness/index.ts';
import type { Clock } from '../../harness/index.ts';
import { Engine, findOurs, realClock, sweepRun } from '../../lab/index.ts';
import type { Leftover } from '../../lab/index.ts';
import { readAbout } from '../../reports/index.ts';

/** The run's own teardown is over by now, or its janitor is at it, who waits 1.5 s first and then needs two to five seconds. */
const JANITOR_MS = 30_000;
const LOOK_EVERY_MS = 1000;
const SWEEP_MS = 60_000;

export interface Removal {
  readonly find: (run: string) => Promise<readonly Pick<Leftover, 'kind' | 'name'>[]>;
  /** Answers what could not be removed. */
  readonly sweep: (run: string) => Promise<readonly string[]>;
  readonly clock: Clock;
}

export function removalAt(host: string): Removal {
  const engine = new Engine({ host });
  return {
    find: (run) => findOurs(engine, run),
    sweep: (run) => sweepRun(engine, run, SWEEP_MS),
    clock: realClock,
  };
}

/** `out`: folder of this replay and of no other. Waits until its runs have nothing on the engine any more, and says what can't be removed. */
export async function removeLabsOf(
  out: string,
  removal: Removal,
  say: (line: string) => void,
): Promise<void> {
  const gone = (run: string): Promise<readonly string[]> =>
    removed(run, removal).catch((error: unknown) => [`what is left of ${run} (${String(error)})`]);
  const stuck = (await Promise.all(runsIn(out).map(gone))).flat();
  say(
    stuck.length === 0
      ? 'no lab is left'
      : `could not remove ${stuck.join('; ')}; when the engine is well again: healproof prune`,
  );
}

/**
 * Leaves it to the janitor: two who remove containers of the same networks at once make Docker 20.10 lose count of their endpoints.
 * Only who finds everything still there after half a minute takes it that there is no janitor.
 */
async function removed(run: string, { find, sweep, clock }: Removal): Promise<readonly string[]> {
  let looks = 0;
  const pending = async (): Promise<string | undefined> => {
    const left = await find(run);
    // A request that the engine had already accepted may still be creating.
    looks = left.length === 0 ? looks + 1 : 0;
    return looks >= 2 ? undefined : (left[0]?.name ?? 'a second look');
  };
  const signal = new AbortController().signal;
  const waited = await until(clock, pending, { withinMs: JANITOR_MS, everyMs: LOOK_EVERY_MS, signal });
  return waited.kind === 'met' ? [] : sweep(run);
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
