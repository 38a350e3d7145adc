/** Proves that the compiler and the linter really wall this room in: violations are planted in a copy of the settings. */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';

const project = join(import.meta.dirname, '..');
const limitMs = 60_000;

/** Runs a tool over a harness made of one file, under this project's own settings. */
async function see(
  tool: 'tsc' | 'oxlint',
  args: string[],
  text: string,
): Promise<{ code: number; said: string }> {
  const root = await mkdtemp(join(tmpdir(), 'healproof-planted-'));
  onTestFinished(() => rm(root, { recursive: true }));
  await mkdir(join(root, 'harness'));
  await mkdir(join(root, 'lab'));
  const settings = [
    'package.json',
    'tsconfig.json',
    '.oxlintrc.json',
    'harness/tsconfig.json',
    'harness/abort.d.ts',
  ];
  for (const path of settings) await copyFile(join(project, path), join(root, path));
  await symlink(join(project, 'node_modules'), join(root, 'node_modules'));
  await writeFile(join(root, 'lab/index.ts'), 'export const lab = 1;\n');
  await writeFile(join(root, 'harness/planted.ts'), text);
  return await new Promise((resolve) => {
    const bin = join(project, 'node_modules', '.bin', tool);
    execFile(bin, args, { cwd: root, timeout: limitMs }, (error, stdout, stderr) => {
      const code = error === null ? 0 : Number(error.code ?? -1);
      resolve({ code, said: stdout + stderr });
    });
  });
}

const compile = (text: string) => see('tsc', ['-p', 'harness/tsconfig.json'], text);
const lint = (text: string) => see('oxlint', ['--format=unix', 'harness'], text);

describe('the compiler', { timeout: limitMs }, () => {
  test('accepts the language itself and the means to call work off', async () => {
    const text = 'export const stop = (by: AbortSignal): number => (by.aborted ? Math.max(1, 2) : 3);\n';
    expect(await compile(text)).toEqual({ code: 0, said: '' });
  });

  test('knows no Node, no browser and no other room', async () => {
    const { code, said } = await compile(`
      import { readFileSync } from 'node:fs';
      import { lab } from '../lab/index.ts';
      setTimeout(() => console.log(process.pid, readFileSync, lab), 1);
      export const when = [performance.now(), fetch('x'), crypto.randomUUID(), Buffer.alloc(1), document.title];
      export const late = AbortSignal.timeout(5);
    `);
    expect(code).not.toBe(0);
    const strangers = [
      'node:fs',
      'setTimeout',
      'console',
      'process',
      'performance',
      'fetch',
      'crypto',
      'Buffer',
      'document',
    ];
    for (const name of strangers) {
      expect(said).toContain(`Cannot find name '${name}'`);
    }
    expect(said).toMatch(/lab\/index\.ts' is not (under 'rootDir'|listed)/);
    expect(said).toContain("'timeout' does not exist");
  });
});

describe('the linter', { timeout: limitMs }, () => {
  test('accepts arithmetic and its own names', async () => {
    const { code, said } = await lint('export const later = (atMs: number): number => Math.max(0, atMs);\n');
    expect({ code, said: said.trim() }).toEqual({ code: 0, said: '' });
  });

  test.each([
    'export const at = Date.now();',
    'export const at = new Date();',
    'export const luck = Math.random();',
    "export const luck = Math['random']();",
    'export const { random } = Math;',
    'export const at = performance.now();',
    'export const hidden = globalThis.Date;',
    'export const late = AbortSignal.timeout(5);',
    "export const zone = new Intl.DateTimeFormat('en');",
    "export const made = new Function('return Date.now()');",
    'setTimeout(() => {}, 1);',
    'setInterval(() => {}, 1);',
    "console.log('x');",
    'process.exit(1);',
  ])('refuses %s', async (text) => {
    const { code, said } = await lint(`${text}\n`);
    expect(code).toBe(1);
    expect(said).toContain('harness/planted.ts:1:');
    expect(said).toMatch(/no-restricted-(globals|properties)/);
  });
});
