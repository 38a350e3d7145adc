/** One shell line to one node, and what came back of each of its commands. */
import { randomUUID } from 'node:crypto';
import type { Seen, Shell } from '../../harness/index.ts';
import type { Command } from './commands.ts';
import { lineLimitMs, sectionLine, sectionText, splitSections } from './sections.ts';

/** Values of the variables that commands use; see `commands.ts`. */
export interface Variables {
  readonly V: string;
  readonly IMAGES?: string;
  readonly GFIDS?: string;
}

export interface Asked {
  readonly nonce: string;
  readonly tookMs: number;
  /** True when the node answered at all. */
  readonly reached: boolean;
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
    text: (command) => sectionText(outcome, sections, command),
  };
}
