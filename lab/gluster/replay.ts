/** For tests and tables: a shell that answers from a captured state, whatever commands a line asks for, with their outputs and exit codes. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { node } from '../../harness/index.ts';
import type { ExecOutcome, Shell } from '../../harness/index.ts';

export const GOLDEN = join(import.meta.dirname, 'golden', '10.3');
/** What capture-golden.ts used in place of a number that nobody can guess. */
const CAPTURED_NONCE = 'NONCE';

/** The three nodes of a captured state. A node whose machine was down answers nothing. */
export const replay = (state: string): readonly Shell[] =>
  ['pve1', 'pve2', 'pve3'].map((name) => ({
    node: node(name),
    run: (line) => Promise.resolve(answer(join(GOLDEN, state, name), line)),
  }));

function answer(folder: string, line: string): ExecOutcome {
  if (!existsSync(join(folder, 'identity.out'))) return { kind: 'cut-off', because: 'it is not running' };
  const nonce = /N='([^']+)'/.exec(line)?.[1] ?? '';
  const asked = [...line.matchAll(/^section (\S+) \d+ /gm)].map(([, name = '']) => name);
  const exits = JSON.parse(readFileSync(join(folder, 'exits.json'), 'utf8')) as Readonly<
    Record<string, { readonly exitCode: number; readonly tookMs: number }>
  >;
  const read = (file: string): string =>
    existsSync(join(folder, file))
      ? readFileSync(join(folder, file), 'utf8').replaceAll(`#${CAPTURED_NONCE} `, `#${nonce} `)
      : '';
  let stdout = '';
  let stderr = '';
  for (const name of asked) {
    const { exitCode, tookMs } = exits[name] ?? { exitCode: 127, tookMs: 0 };
    stdout += `#${nonce} begin ${name}\n${read(`${name}.out`)}\n#${nonce} end ${name} ${exitCode} ${tookMs}\n`;
    stderr += `#${nonce} begin ${name}\n${read(`${name}.err`)}`;
  }
  return { kind: 'exited', exitCode: 0, stdout, stderr, tookMs: 1 };
}
