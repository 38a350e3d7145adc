/** `healproof down`: tells a lab's keeper to stop, and looks that nothing is left. */
import { until } from '../../harness/index.ts';
import { realClock, sweepRun } from '../../lab/index.ts';
import type { Engine } from '../../lab/index.ts';
import { dropState, folderOf, keeperLives, labStates, messageOf, theLab } from './labs.ts';
import type { LabState, Talk } from './labs.ts';

export interface DownOptions extends Talk {
  readonly run?: string;
}

const KEEPER_MS = 90_000;
const SWEEP_MS = 60_000;

/** 0 when nothing is left, 1 when there is no such lab or something could not be removed. */
export async function downCommand({ run, say, complain }: DownOptions, engine: Engine): Promise<0 | 1> {
  try {
    const lab = theLab(labStates(), run);
    say(`Taking ${lab.run} down`);
    const left = await takeDown(engine, lab);
    for (const thing of left) complain(`down: ${thing}`);
    if (left.length > 0) return 1;
    say(`${lab.run} is gone. Its history stays in ${folderOf(lab.run)} until: healproof prune`);
    return 0;
  } catch (error) {
    complain(`down: ${messageOf(error)}`);
    return 1;
  }
}

/** Stops the keeper, which takes its lab down; then removes what is left by label. Answers what could not be removed. */
export async function takeDown(
  engine: Engine,
  lab: Pick<LabState, 'run' | 'pid'>,
): Promise<readonly string[]> {
  if (keeperLives(lab)) {
    process.kill(lab.pid, 'SIGTERM');
    const ended = await awaitEnd(lab, KEEPER_MS);
    // It would go on making things while they are removed.
    if (!ended && keeperLives(lab)) {
      process.kill(lab.pid, 'SIGKILL');
      await awaitEnd(lab, 5000);
    }
  }
  const left = await sweepRun(engine, lab.run, SWEEP_MS);
  if (left.length === 0) dropState(lab.run);
  return left;
}

async function awaitEnd(lab: Pick<LabState, 'run' | 'pid'>, withinMs: number): Promise<boolean> {
  const never = new AbortController().signal;
  const pending = (): string | undefined => (keeperLives(lab) ? `the keeper of ${lab.run}` : undefined);
  return (await until(realClock, pending, { withinMs, everyMs: 100, signal: never })).kind === 'met';
}
