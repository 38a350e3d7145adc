import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { writeTextfile } from './textfile.ts';

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'healproof-textfile-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  return dir;
}

it('replaces the file as a whole, and leaves nothing beside it', () => {
  const dir = folder();
  const file = join(dir, 'healproof.prom');
  writeTextfile(file, 'a 1\n');
  const before = statSync(file).ino;
  writeTextfile(file, 'a 2\n');
  expect(readFileSync(file, 'utf8')).toBe('a 2\n');
  expect(statSync(file).ino).not.toBe(before);
  expect(statSync(file).mode & 0o777).toBe(0o644);
  expect(readdirSync(dir)).toEqual(['healproof.prom']);
});

it('what can’t be replaced stays, and no half file is left', () => {
  const dir = folder();
  mkdirSync(join(dir, 'healproof.prom', 'in-the-way'), { recursive: true });
  expect(() => writeTextfile(join(dir, 'healproof.prom'), 'a 1\n')).toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
  expect(readdirSync(dir)).toEqual(['healproof.prom']);
});
