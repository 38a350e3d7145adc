/** One shell line to one node, and what came back of each of its commands. */
import { randomUUID } from 'node:crypto';
import type { Seen, Shell } from '../../harness/index.ts';
import type { Command } from './command.ts';
import { lineLimitMs, sectionLine, sectionText, splitSections } from './sections.ts';

/** Values of the variables that commands use; see `commands.ts`. */
export interface Variables {
  readonly V: string;
  readonly IMAGES?: string;
  readonly GFIDS?: string;
  readonly PORTS?: string;
  readonly COLD?: string;
  readonly FOLDERS?: string;
  readonly VIPS?: string;
}

export interface Asked {
  readonly nonce: string;
  readonly tookMs: number;
  /** True when the node answered at all. */
  readonly reached: boolean;
  /** Whether the line held this command. */
  asked(command: Command): boolean;
  text(command: Command): Seen<{ readonly text: string; readonly tookMs: number }>;
}

/** Volume names may hold nothing else (cli/src/cli-cmd-parser.c); checked because they become part of paths. */
const VOLUME = /^[A-Za-z0-9_-]{1,255}$/;
/** Patterns below a brick's root. */
const PATTERN = /^[A-Za-z0-9_.*?/-]+$/;

export function checkVolume(volume: string): void {
  if (!VOLUME.test(volume))
    throw new Error(`"${volume}" can't be the name of a volume: letters, digits, - and _ only`);
}

export function checkPatterns(patterns: readonly string[]): void {
  const odd = patterns.find(
    (one) => !PATTERN.test(one) || one.startsWith('/') || one.split('/').includes('..'),
  );
  if (odd !== undefined) {
    throw new Error(
      `"${odd}" can't be a pattern of VM images: a path below the brick, with letters, digits, . _ - * ? only`,
    );
  }
}

const FOLDER = /^\/[A-Za-z0-9_.@+/-]*$/;
const ADDRESS = /^[0-9A-Fa-f.:]+$/;

/** Folders and addresses of a site's description, which become words of a shell line. */
export function checkWords(folders: readonly string[], addresses: readonly string[]): void {
  const folder = folders.find((one) => !FOLDER.test(one) || one.split('/').includes('..'));
  if (folder !== undefined) {
    throw new Error(
      `"${folder}" can't be a folder of backups: an absolute path, with letters, digits, . _ @ + - only`,
    );
  }
  const address = addresses.find((one) => !ADDRESS.test(one));
  if (address !== undefined) throw new Error(`"${address}" is no IP address that routers could share`);
}

export async function ask(
  shell: Shell,
  commands: readonly Command[],
  variables: Variables,
  signal: AbortSignal | undefined,
): Promise<Asked> {
  const nonce = randomUUID();
  const line = sectionLine(commands, nonce, { ...variables });
  const began = performance.now();
  const outcome = await shell.run(line, {
    limitMs: lineLimitMs(commands),
    ...(signal === undefined ? {} : { signal }),
  });
  const printed = outcome.kind === 'cut-off' ? { stdout: '', stderr: '' } : outcome;
  const sections = splitSections(nonce, printed.stdout, printed.stderr);
  return {
    nonce,
    tookMs: Math.round(performance.now() - began),
    reached: sections.size > 0,
    asked: (command) => commands.includes(command),
    text: (command) => sectionText(outcome, sections, command),
  };
}
