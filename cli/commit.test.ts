import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { headCommit } from './commit.ts';

test('a commit is told with a + when files were changed since, and unknown where there is none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'healproof-commit-'));
  const git = (...words: string[]): string =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b', ...words], {
      encoding: 'utf8',
    });
  expect(headCommit(folder)).toBe('unknown');
  writeFileSync(join(folder, 'a'), '1');
  git('init', '-q');
  git('add', 'a');
  git('commit', '-qm', 'a');
  expect(headCommit(folder)).toMatch(/^[0-9a-f]{10}$/);
  writeFileSync(join(folder, 'a'), '2');
  expect(headCommit(folder)).toMatch(/^[0-9a-f]{10}\+$/);
});
