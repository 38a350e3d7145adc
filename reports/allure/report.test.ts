/** What is refused before Allure is started; `report.lab.test.ts` starts it. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeReport } from './report.ts';

let root = '';
let results = '';
let folder = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'healproof-report-'));
  results = join(root, 'results');
  folder = join(root, 'report');
  for (const dir of [results, folder]) mkdirSync(dir);
  writeFileSync(join(results, 'x-result.json'), '{}');
});
afterEach(() => rmSync(root, { recursive: true }));

test('without results no report is made', async () => {
  await expect(makeReport(join(root, 'none'), folder)).rejects.toThrow(/no Allure results/);
});

test('a report is not made around its results', async () => {
  await expect(makeReport(results, root)).rejects.toThrow(/its results are inside/);
});

test.each([
  ['a letter', 'letter.txt', undefined],
  ['somebody’s own page', 'index.html', undefined],
  ['what was put beside a report', 'letter.txt', 'index.html\n'],
])('%s is never removed', async (_, name, list) => {
  writeFileSync(join(folder, name), 'dear');
  if (list !== undefined) {
    writeFileSync(join(folder, 'index.html'), 'a report');
    writeFileSync(join(folder, '.healproof-report'), list);
  }
  const before = readdirSync(folder);
  await expect(makeReport(results, folder)).rejects.toThrow(
    `${name} in it was not made by an earlier report of Healproof`,
  );
  expect(readdirSync(folder)).toEqual(before);
  expect(readFileSync(join(folder, name), 'utf8')).toBe('dear');
});
