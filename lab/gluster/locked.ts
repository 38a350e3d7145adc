/** The volume's lock, when somebody else has it: another look, such as the exporter's, for an instant; a transaction that hangs, for long. */
import { until } from '../../harness/index.ts';
import type { Clock, Shell } from '../../harness/index.ts';
import { realClock } from '../clock.ts';
import { ask } from './ask.ts';
import type { Asked, Variables } from './ask.ts';
import type { Command } from './command.ts';

/** A `volume status` takes half a second, several times that on a slow machine. */
const PATIENCE_MS = 5000;
const AGAIN_MS = 300;
const NEVER = new AbortController().signal;

/** By what `gluster` says: with `--xml` it exits with 0 all the same (glusterd-locks.c, glusterd-utils.c: 30802). */
export const isLockTaken = (said: string): boolean =>
  /Another transaction is in progress|Locking (?:volume )?failed/i.test(said);

/** Whether this answer says that somebody else has the lock. */
export function wasLockedOut(asked: Asked, command: Command): boolean {
  const said = asked.text(command);
  return isLockTaken(said.seen ? said.text : said.because);
}

/** Tries again for as long as somebody else may have the lock for an instant, and answers what came last. */
export async function untilUnlocked<T>(
  clock: Clock,
  attempt: () => Promise<T>,
  isLockedOut: (answer: T) => boolean,
  signal: AbortSignal = NEVER,
): Promise<T> {
  let answer = await attempt();
  const pending = async (): Promise<string | undefined> => {
    if (isLockedOut(answer)) answer = await attempt();
    return isLockedOut(answer) ? 'the lock of the volume' : undefined;
  };
  await until(clock, pending, { withinMs: PATIENCE_MS, everyMs: AGAIN_MS, signal });
  return answer;
}

export const askLocking = (
  shell: Shell,
  command: Command,
  variables: Variables,
  signal: AbortSignal | undefined,
): Promise<Asked> =>
  untilUnlocked(
    realClock,
    () => ask(shell, [command], variables, signal),
    (asked) => wasLockedOut(asked, command),
    signal,
  );
