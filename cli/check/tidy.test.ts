import { describe, expect, test } from 'vitest';
import type { SourceFile } from './source.ts';
import { checkTidy, countLines, type Waiver } from './tidy.ts';

const STORY = "export const a = { id: 'night-1', why: 'The writes matter.', oracles: [] };";
const CLEAN: readonly SourceFile[] = [
  ...['harness', 'lab', 'reports', 'scenarios', 'cli'].map((room) => ({
    path: `${room}/README.md`,
    text: '# A room\n',
  })),
  { path: 'lab/a.ts', text: 'export const a = 1;\n' },
  { path: 'lab/a.test.ts', text: "test('a', () => {});\n" },
  { path: 'lab/docker/b.ts', text: 'export const b = 1;\n' },
  { path: 'scenarios/night-1.ts', text: STORY },
];

/** A tidy project with files added, or replaced when their path is taken. */
function plant(planted: readonly SourceFile[], waivers: readonly Waiver[] = []): string[] {
  const kept = CLEAN.filter(({ path }) => !planted.some((file) => file.path === path));
  return checkTidy([...kept, ...planted], waivers).map(({ path, line, rule }) => `${path}:${line} ${rule}`);
}

const one = (path: string, text: string): string[] => plant([{ path, text }]);
const lines = (count: number): string => 'f();\n'.repeat(count);

test('a tidy project has nothing to say', () => {
  expect(plant([])).toEqual([]);
});

test('a project without tests was not looked at', () => {
  expect(() => checkTidy([], [])).toThrow('found no *.test.ts');
});

describe('length', () => {
  test('300 lines pass, 301 do not; in tests, shell and launchers too', () => {
    expect(one('lab/b.ts', lines(300))).toEqual([]);
    expect(one('lab/b.ts', lines(301))).toEqual(['lab/b.ts:0 length']);
    expect(one('lab/a.test.ts', lines(301))).toEqual(['lab/a.test.ts:0 length']);
    expect(one('healproof', 'true\n'.repeat(301))).toEqual(['healproof:0 length']);
  });

  test('blanks, comments and data do not count', () => {
    const text = `/**\n * Why.\n */\n\n// more\nf(); // here\nconst s = '// not one';\n`;
    expect(countLines({ path: 'a.ts', text })).toBe(2);
    expect(countLines({ path: 'a.sh', text: '#!/bin/sh\n\n  # why\ntrue\n' })).toBe(1);
    expect(countLines({ path: 'a.c', text: '#include <x.h>\n/* a\n * b\n */\nint i;\n' })).toBe(2);
    expect(one('package-lock.json', lines(400))).toEqual([]);
  });

  test('a waiver lifts it, and a waiver for nothing is untidy', () => {
    const waiver = { path: 'lab/b.ts', rule: 'length', because: 'a table' };
    expect(plant([{ path: 'lab/b.ts', text: lines(301) }], [waiver])).toEqual([]);
    expect(plant([], [waiver])).toEqual(['lab/b.ts:0 waiver']);
  });
});

describe('a sign at each door', () => {
  test('no README, or more than a page', () => {
    const without = CLEAN.filter(({ path }) => path !== 'lab/README.md');
    expect(checkTidy(without, []).map(({ rule }) => rule)).toEqual(['readme']);
    expect(one('cli/README.md', 'x\n'.repeat(60))).toEqual([]);
    expect(one('cli/README.md', 'x\n'.repeat(61))).toEqual(['cli/README.md:0 readme']);
  });
});

describe('nothing names one machine', () => {
  const at = (...parts: string[]): string => ['', ...parts].join('/');
  test.each([
    at('work', 'main', 'x'),
    at('root', '.cache', 'x'),
    at('Users', 'ann', 'x'),
    at('tmp', 'hp', 'x'),
    ['registry', 'npmjs', 'org'].join('.'),
    ['registry-1', 'docker', 'io'].join('.'),
  ])('%s', (name) => {
    expect(one('README.md', `a\nsee ${name}\n`)).toEqual(['README.md:2 machine']);
  });

  test.each([
    '/root/.ssh/authorized_keys',
    '"$root/usr/x"',
    '"$out"/root/x',
    'lab/work/x',
    'the registry. Then',
  ])('%s is fine', (text) => {
    expect(one('README.md', text)).toEqual([]);
  });
});

describe('tests lie beside their subject', () => {
  test.each([
    ['lab/b.test.ts', ['lab/b.test.ts:0 beside']],
    ['lab/deep/a.test.ts', ['lab/deep/a.test.ts:0 beside']],
    ['lab/a.faults.test.ts', []],
    ['docker.test.ts', ['docker.test.ts:0 beside']],
    ['lab/docker.test.ts', []],
    ['lab/docker/docker.test.ts', ['lab/docker/docker.test.ts:0 beside']],
    ['lab/dock.test.ts', ['lab/dock.test.ts:0 beside']],
    ['lab/b.lab.test.ts', []],
    ['scenarios/teeth/b.test.ts', []],
  ])('%s', (path, expected) => {
    expect(one(path, '')).toEqual(expected);
  });
});

describe('nothing skipped, retried or mocked', () => {
  test.each([
    ["test.skip('a', () => {});", 'no-skip'],
    ["describe.skip.each([1])('a', () => {});", 'no-skip'],
    ["test.only('a', () => {});", 'no-skip'],
    ["test.todo('a');", 'no-skip'],
    ["test.skipIf(true)('a', () => {});", 'no-skip'],
    ["test('a', ({ skip }) => skip('why'));", 'no-skip'],
    ["test('a', (t) => t.skip());", 'no-skip'],
    ["test('a', { retry: 2 }, () => {});", 'no-retry'],
    ["vi.mock('./b.ts');", 'no-mock'],
  ])('%s', (text, rule) => {
    expect([...new Set(one('lab/a.test.ts', text))]).toEqual([`lab/a.test.ts:1 ${rule}`]);
  });

  test('in settings and on command lines', () => {
    expect(one('vitest.config.ts', 'export default { test: { retry: 1 } };')).toEqual([
      'vitest.config.ts:1 no-retry',
    ]);
    expect(one('vitest.config.ts', 'export default { test: { retry: 0 } };')).toEqual([]);
    expect(one('.ci/run', 'vitest run --retry=2')).toEqual(['.ci/run:0 no-retry']);
    expect(one('.ci/run', 'curl --retry 3 x')).toEqual([]);
  });

  test('a text that says skip is none', () => {
    expect(one('lab/a.test.ts', "const text = 'test.skip(1)'; // test.only(2)")).toEqual([]);
  });
});

describe('stories', () => {
  const story = (text: string): string[] => one('scenarios/night-1.ts', text);
  test('have a reason', () => {
    expect(story("export const a = { id: 'night-1', oracles: [] };")).toEqual(['scenarios/night-1.ts:1 why']);
    expect(story("export const a = { id: 'night-1', why: ' ', oracles: [] };")).toEqual([
      'scenarios/night-1.ts:1 why',
    ]);
  });

  test('have the name of their file', () => {
    expect(story(STORY.replace('night-1', 'night-2'))).toEqual(['scenarios/night-1.ts:1 story-name']);
  });

  test('the kind in the name of the file is no part of it', () => {
    expect(one('scenarios/night-2.scenario.ts', STORY.replace('night-1', 'night-2'))).toEqual([]);
    expect(one('scenarios/night-2.scenario.ts', STORY)).toEqual([
      'scenarios/night-2.scenario.ts:1 story-name',
    ]);
    expect(one('scenarios/night-2.ts', STORY.replace('night-1', 'night-2.scenario'))).toEqual([
      'scenarios/night-2.ts:1 story-name',
    ]);
  });

  test.each(['if (a) f();', 'try { f(); } finally { g(); }', 'expect(a);', 'for (const x of y) f();'])(
    'only tell: %s',
    (text) => {
      expect(story(`${STORY}\n${text}`)).toEqual(['scenarios/night-1.ts:2 story-plain']);
    },
  );

  test('were found at all', () => {
    expect(story('export {};')).toEqual(['scenarios:0 why']);
  });
});
