/** Finds the command under attack. */
import { statSync } from 'node:fs';
import { basename, delimiter, isAbsolute, join, resolve } from 'node:path';
import { isProgram } from './stage.ts';

/** The command can't be attacked; the message says why and what to do. */
export class CannotAttack extends Error {
  override readonly name = 'CannotAttack';
}

/** Full path of the program, by the caller's own PATH and folder. Throws `CannotAttack`. */
export function resolveProgram(name: string): string {
  if (name === '') throw new CannotAttack('no command was given; write it after --, such as: -- ./gate.sh');
  if (basename(name) === 'sudo') {
    throw new CannotAttack(
      `running ${name}: the real one would go past the stand-ins. Leave it away: nothing here needs other rights, and inside the gate sudo is a stand-in`,
    );
  }
  if (name.includes('/')) {
    const path = resolve(name);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) throw new CannotAttack(`running ${name}: there is no such file (${path})`);
    if (found.isDirectory() || !isProgram(path)) {
      throw new CannotAttack(
        `running ${name}: it is not executable; chmod +x ${name}, or name its interpreter`,
      );
    }
    return path;
  }
  const found = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => isAbsolute(folder))
    .map((folder) => join(folder, name))
    .find((path) => isProgram(path) && !statSync(path).isDirectory());
  if (found === undefined) throw new CannotAttack(`running ${name}: no such program on PATH`);
  return found;
}
