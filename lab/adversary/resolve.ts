/** Finds the command under attack, and refuses what can't be attacked without danger. */
import { readFileSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { isProgram } from './stage.ts';

/** The command can't be attacked; the message says why and what to do. */
export class CannotAttack extends Error {
  override readonly name = 'CannotAttack';
}

/** Full path of the program, by the caller's own PATH and folder. Throws `CannotAttack`. */
export function resolveProgram(name: string): string {
  if (name === '') throw new CannotAttack('no command was given; write it after --, such as: -- ./gate.sh');
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

/** Programs that a stand-in must be able to take the place of. */
const BY_PATH = /\/(?:s?bin)\/(gluster|ssh|glfsheal|reboot|shutdown|systemctl|scp|docker|qm|pvesh)\b/;
/** A comment, or a command for the stand-in `ssh`, which leaves the path away. */
const HARMLESS = /^\s*#|(^|[^/\w-])ssh .*\/\w+/;
const MOST_BYTES = 1_000_000;

/**
 * A script that calls `gluster` or `ssh` by its full path would reach the real cluster past the stand-ins. Looks into every file that
 * the command names. Throws `CannotAttack`.
 */
export function refuseFullPaths(command: readonly string[]): void {
  const texts = command.flatMap((word) => [
    { from: 'the command line', text: word },
    ...(isScript(word) ? [{ from: word, text: readFileSync(word, 'utf8') }] : []),
  ]);
  for (const { from, text } of texts) {
    const line = text.split('\n').find((one) => BY_PATH.test(one) && !HARMLESS.test(one));
    if (line === undefined) continue;
    const [, name = ''] = BY_PATH.exec(line) ?? [];
    throw new CannotAttack(
      `${from} calls ${name} by its full path (${line.trim().slice(0, 80)}): that would reach the real one. Call it by its name, then attack it again.`,
    );
  }
}

function isScript(word: string): boolean {
  const found = statSync(word, { throwIfNoEntry: false });
  if (found?.isFile() !== true || found.size > MOST_BYTES) return false;
  return !readFileSync(word).includes(0);
}
