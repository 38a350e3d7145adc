/** `healproof prune`: removes what dead runs left, on the engine and in the labs' folder. */
import { rmSync } from 'node:fs';
import { findOurs, remove } from '../../lab/index.ts';
import type { Engine, Leftover } from '../../lab/index.ts';
import { takeDown } from './down.ts';
import { folderOf, keeperLives, labStates, messageOf, ownerLives, runsWithFolder } from './labs.ts';
import type { Talk } from './labs.ts';

export interface PruneOptions extends Talk {
  /** Runs that are alive too. */
  readonly all?: boolean;
  /** With `all`: really. */
  readonly yes?: boolean;
  /** Only this run. */
  readonly run?: string;
}

/** 0 when what was meant is gone; 1 when something could not be removed, or `all` came without `yes`. */
export async function pruneCommand(options: PruneOptions, engine: Engine): Promise<0 | 1> {
  const { all = false, yes = false, run, say, complain } = options;
  try {
    const { dead, living } = sorted(await findOurs(engine, run), ownerLives);
    const labs = labStates().filter((lab) => keeperLives(lab) && (run === undefined || lab.run === run));
    const alive = [...new Set([...labs.map((lab) => lab.run), ...living.map((thing) => thing.run)])];
    if (all && !yes && alive.length > 0) {
      complain(
        `prune: ${alive.join(', ')} is alive; to take it down all the same: healproof prune --all --yes`,
      );
      return 1;
    }
    const takenDown = all && yes ? await Promise.all(labs.map((lab) => takeDown(engine, lab))) : [];
    const things = all && yes ? [...dead, ...living] : dead;
    const failures = [...takenDown.flat(), ...(await remove(engine, things))];
    const folders = removeFolders(run);
    const still = new Set((await findOurs(engine, run)).map(({ id }) => id));
    const gone = things.filter(({ id }) => !still.has(id));
    if (gone.length + folders.length > 0 || failures.length === 0)
      for (const line of removedLines(gone, folders)) say(line);
    if (!all && alive.length > 0) say(`Left alone, since it is alive: ${alive.join(', ')}`);
    for (const failure of failures) complain(`prune: could not be removed: ${failure}`);
    return failures.length === 0 ? 0 : 1;
  } catch (error) {
    complain(`prune: ${messageOf(error)}`);
    return 1;
  }
}

/** A run is alive when the process that made any of its things is. */
export function sorted(
  things: readonly Leftover[],
  lives: (pid: number) => boolean,
): { readonly dead: readonly Leftover[]; readonly living: readonly Leftover[] } {
  const { living = [], dead = [] } = Object.groupBy(things, ({ pid }) => (lives(pid) ? 'living' : 'dead'));
  return { dead, living };
}

/** Folders of labs that no longer stand, with their histories. */
function removeFolders(only: string | undefined): readonly string[] {
  const standing = new Set(
    labStates()
      .filter(keeperLives)
      .map(({ run }) => run),
  );
  const folders = runsWithFolder()
    .filter((run) => !standing.has(run) && (only === undefined || run === only))
    .map(folderOf);
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  return folders;
}

export function removedLines(things: readonly Leftover[], folders: readonly string[]): readonly string[] {
  if (things.length + folders.length === 0) return ['Nothing was left over.'];
  return [
    ...things.map(({ kind, name, run }) => `removed ${kind} ${name} of ${run}`),
    ...folders.map((folder) => `removed ${folder}`),
  ];
}
