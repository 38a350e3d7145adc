/** The folder of one replay's evidence: taken, so that no other has it, however close the two begin. */
import { closeSync, mkdirSync, openSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const alreadyThere = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EEXIST';

/** `reports/out/2026-11-23T05-31-07`, with `-2` behind it where somebody else has begun in the same second. */
export function takeFolderIn(parent: string, now: Date): string {
  mkdirSync(parent, { recursive: true });
  const name = join(parent, now.toISOString().slice(0, 19).replaceAll(':', '-'));
  for (let nth = 1; ; nth += 1)
    try {
      const path = nth === 1 ? name : `${name}-${nth}`;
      mkdirSync(path);
      return path;
    } catch (error) {
      if (!alreadyThere(error)) throw error;
    }
}

/** The folder that `--out` names: made when missing. @throws when anything is in it, or another replay has just taken it. */
export function takeNamed(out: string): string {
  const path = resolve(out);
  const taken = (what: string): Error =>
    new Error(
      `--out ${out} ${what}: a replay has its folder for itself; name one that is empty, or is not there`,
    );
  mkdirSync(path, { recursive: true });
  const [first] = readdirSync(path);
  if (first !== undefined) throw taken(`is not empty (${first})`);
  try {
    // Of two that have found it empty one comes first.
    closeSync(openSync(join(path, PROGRESS), 'wx'));
  } catch (error) {
    if (alreadyThere(error)) throw taken('has just been taken by another replay');
    throw error;
  }
  return path;
}

/** What the stories tell while they are played. */
export const PROGRESS = 'progress.log';
