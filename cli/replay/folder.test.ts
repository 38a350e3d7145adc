import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeFolderIn, takeNamed } from './folder.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'healproof-folder-'));
});
afterEach(() => rmSync(root, { recursive: true }));

test('who begins in the same second gets a folder of its own', () => {
  const now = new Date('2026-11-23T05:31:07.250Z');
  const parent = join(root, 'reports/out');
  expect([1, 2, 3].map(() => takeFolderIn(parent, now))).toEqual(
    ['2026-11-23T05-31-07', '2026-11-23T05-31-07-2', '2026-11-23T05-31-07-3'].map((name) =>
      join(parent, name),
    ),
  );
});

test('a folder that is named is made, or taken when it is empty', () => {
  const missing = join(root, 'a/b');
  expect(takeNamed(missing)).toBe(missing);
  const empty = join(root, 'empty');
  mkdirSync(empty);
  expect(takeNamed(empty)).toBe(empty);
  // It is taken from the first moment on.
  expect(() => takeNamed(empty)).toThrow(/is not empty/);
});

test('a folder with anything in it is refused, and left as it is', () => {
  writeFileSync(join(root, 'letter.txt'), 'dear');
  expect(() => takeNamed(root)).toThrow(`--out ${root} is not empty (letter.txt)`);
  expect(readdirSync(root)).toEqual(['letter.txt']);
});
