/** Labs that people keep by hand: a folder each, in which the keeper writes what it keeps. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { SiteSpec } from '../../harness/index.ts';
import { isAlive } from '../../lab/index.ts';

/** Where a command's lines go. */
export interface Talk {
  /** A line for whoever asked: standard output. */
  readonly say: (line: string) => void;
  /** What went wrong, on standard error. */
  readonly complain: (line: string) => void;
}

export interface LabState {
  readonly run: string;
  /** Process id of the keeper. */
  readonly pid: number;
  readonly spec: SiteSpec;
  /** Host epoch milliseconds of the keeper's start. */
  readonly since: number;
  readonly ready: boolean;
  /** `lan`: only nodes have a fixed address there. */
  readonly machines: readonly { readonly name: string; readonly container: string; readonly lan?: string }[];
  /** Why the keeper gave up. */
  readonly error?: string;
}

const STATE = z.object({
  run: z.string(),
  pid: z.number().int(),
  spec: z.looseObject({
    diskErrorPolicy: z.string(),
    volume: z.looseObject({ layout: z.string(), options: z.string() }),
  }),
  since: z.number(),
  ready: z.boolean(),
  machines: z.array(z.object({ name: z.string(), container: z.string(), lan: z.string().optional() })),
  error: z.string().optional(),
});

/** The labs' folders are in here, one per run. */
export const labsFolder = (env: NodeJS.ProcessEnv = process.env): string =>
  join(env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'healproof', 'labs');

export const folderOf = (run: string): string => join(labsFolder(), run);
export const historyOf = (run: string): string => join(folderOf(run), 'history.ndjson');
export const keeperLogOf = (run: string): string => join(folderOf(run), 'keeper.log');
/** The operator's way in, as ssh takes it: `ssh -F …/ssh/config pve1`. */
export const sshFolderOf = (run: string): string => join(folderOf(run), 'ssh');
const stateOf = (run: string): string => join(folderOf(run), 'state.json');

/** Takes a name that no other lab has, by making its folder. */
export function takeFolder(): string {
  mkdirSync(labsFolder(), { recursive: true });
  for (;;) {
    const run = `lab-${Math.trunc(Math.random() * 0x1_0000)
      .toString(16)
      .padStart(4, '0')}`;
    try {
      mkdirSync(folderOf(run));
      return run;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** Readers find the old state or the new one, never half of it. */
export function writeState(state: LabState): void {
  const path = stateOf(state.run);
  writeFileSync(`${path}.new`, `${JSON.stringify(state, null, 2)}\n`);
  renameSync(`${path}.new`, path);
}

/** Undefined when no keeper has left a state there, or one that can't be read. */
export function readState(run: string): LabState | undefined {
  try {
    return STATE.parse(JSON.parse(readFileSync(stateOf(run), 'utf8'))) as unknown as LabState;
  } catch {
    return undefined;
  }
}

export function dropState(run: string): void {
  rmSync(stateOf(run), { force: true });
  rmSync(sshFolderOf(run), { recursive: true, force: true });
}

/** Every run that has a folder, whether its lab stands or not. */
export function runsWithFolder(): readonly string[] {
  try {
    return readdirSync(labsFolder(), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .toSorted();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

export const labStates = (): readonly LabState[] =>
  runsWithFolder()
    .map(readState)
    .filter((state) => state !== undefined);

/** The words of a process's command line; none for a zombie, undefined when it can't be told. */
function wordsOf(pid: number): readonly string[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean);
  } catch {
    return undefined;
  }
}

/** A number is not enough: another process may have got it since. */
export function keeperLives({ run, pid }: Pick<LabState, 'run' | 'pid'>): boolean {
  const words = wordsOf(pid) ?? [];
  return isAlive(pid) && words.includes(run) && words.some((word) => word.endsWith('/by-hand/keeper.ts'));
}

/** Whether the process that made a run's things still runs. A zombie is gone. */
export const ownerLives = (pid: number): boolean => isAlive(pid) && wordsOf(pid)?.length !== 0;

/** The lab that is meant. @throws when there is none, or several and no name. */
export function theLab(states: readonly LabState[], run: string | undefined): LabState {
  const names = states.map((state) => state.run).join(', ');
  if (run !== undefined) {
    const named = states.find((state) => state.run === run);
    if (named !== undefined) return named;
    throw new Error(
      `there is no lab ${run}; ${states.length === 0 ? 'none is up: healproof up' : `there are ${names}`}`,
    );
  }
  const [only, ...more] = states;
  if (only === undefined) throw new Error('no lab is up; bring one up: healproof up');
  if (more.length > 0) throw new Error(`several labs are up; name one with --run: ${names}`);
  return only;
}

export const messageOf = (error: unknown): string =>
  error instanceof Error
    ? [error.message, ...(error.cause === undefined ? [] : [messageOf(error.cause)])].join(': ')
    : String(error);

export const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`;
