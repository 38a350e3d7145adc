import { describe, expect, test } from 'vitest';
import type { SourceFile } from './source.ts';
import { checkWalls } from './walls.ts';

const ROOMS = ['harness', 'lab', 'reports', 'scenarios', 'cli'];

/** A clean project with one file planted in it; what the check says about that file. */
function plant(path: string, text: string): string[] {
  const clean: SourceFile[] = ROOMS.map((room) => ({ path: `${room}/index.ts`, text: 'export {};' }));
  return checkWalls([...clean, { path, text }]).map(({ rule, line }) => `${rule}:${line}`);
}

describe('the rooms', () => {
  test.each([
    ['harness/a.ts', "import '../lab/index.ts';", ['rooms:1']],
    ['harness/a.ts', "import '../reports/index.ts';", ['rooms:1']],
    ['lab/docker/a.ts', "import '../../reports/index.ts';", ['rooms:1']],
    ['reports/a.ts', "import '../lab/index.ts';", ['rooms:1']],
    ['lab/a.ts', "import '../cli/index.ts';", ['rooms:1']],
    ['lab/a.ts', "import '../harness/model/names.ts';", ['door:1']],
    ['cli/main.ts', "import '../lab/docker/containers.ts';", ['door:1']],
    ['scenarios/a.ts', "import '../reports/bundle.ts';", ['door:1']],
    ['vitest.config.ts', "import './reports/allure/reporter.ts';", ['door:1']],
    ['lab/a.ts', "import '../reports/allure/index.ts';", ['rooms:1']],
    ['cli/main.ts', "import '../reports/allure/report.ts';", ['door:1']],
    ['cli/main.ts', "import '../reports/allure/sub/index.ts';", ['door:1']],
    ['cli/main.ts', "import '../lab/docker/index.ts';", ['door:1']],
    ['cli/main.ts', "import '../reports/allure/index.ts';", []],
    ['lab/a.ts', "import '../package.json';", ['outside:1']],
    ['lab/a.ts', "import '../harness/index.ts'; import './docker/b.ts';", []],
    ['cli/main.ts', "import '../lab/index.ts'; import '../reports/index.ts';", []],
  ])('%s: %s', (path, text, expected) => {
    expect(plant(path, text)).toEqual(expected);
  });
});

describe('no way of importing goes unseen', () => {
  test.each([
    "import type { Lab } from '../lab/index.ts';",
    "import { type Lab } from '../lab/index.ts';",
    "export * from '../lab/index.ts';",
    "export type { Lab } from '../lab/index.ts';",
    "const lab = await import('../lab/index.ts');",
    'const lab = await import(`../lab/index.ts`);',
    "type Lab = import('../lab/index.ts').Lab;",
    "let lab: typeof import('../lab/index.ts');",
    "import lab = require('../lab/index.ts');",
    "const lab = require('../lab/index.ts');",
    "const at = import.meta.resolve('../lab/index.ts');",
    "const at = new URL('../lab/index.ts', import.meta.url);",
    '/// <reference path="../lab/index.ts" />',
  ])('%s', (text) => {
    expect(plant('harness/a.ts', `\n\n${text}`)).toEqual(['rooms:3']);
  });

  test('a path made at run time is not let through', () => {
    expect(plant('lab/a.ts', "const name = './b.ts';\nawait import(name);")).toEqual(['computed-import:2']);
  });

  test.each(["'/etc/x.ts'", "'file:///x.ts'", "'#lab'", "'healproof/lab/index.ts'"])(
    'nor is %s',
    (specifier) => {
      expect(plant('harness/a.ts', `import ${specifier};`)).toEqual(['odd-import:1']);
    },
  );

  test('what only looks like an import is none', () => {
    expect(
      plant('harness/a.ts', "// import '../lab/index.ts'\nexport const s = \"import '../lab/index.ts'\";"),
    ).toEqual([]);
  });
});

describe('packages', () => {
  test.each([
    ['harness/a.ts', "import 'node:fs';", ['harness-alone:1']],
    ['harness/a.ts', "import 'fs';", ['harness-alone:1']],
    ['harness/a.ts', "import 'zod';", ['harness-alone:1']],
    ['harness/a.ts', "import type { Container } from 'dockerode';", ['harness-alone:1']],
    ['harness/a.ts', '/// <reference types="node" />', ['harness-alone:1']],
    ['harness/testing/clock.ts', "import 'vitest';", ['harness-alone:1']],
    ['harness/a.test.ts', "import 'node:fs'; import 'vitest'; import 'fast-check';", []],
    ['harness/a.fixture.ts', "import 'node:fs';", []],
    ['harness/a.test.ts', "import 'zod';", ['harness-alone:1']],
    ['lab/gluster/a.ts', "import 'dockerode';", ['package:1']],
    ['lab/gluster/a.ts', "import type { Docker } from 'dockerode';", ['package:1']],
    ['lab/dockerfile.ts', "import 'testcontainers';", ['package:1']],
    ['lab/host/a.ts', "import 'ssh2';", ['package:1']],
    ['lab/docker/a.ts', "import 'zx';", ['package:1']],
    ['reports/a.ts', "import 'allure-js-commons';", ['package:1']],
    ['scenarios/a.test.ts', "import 'allure-vitest/reporter';", ['package:1']],
    ['lab/docker/a.ts', "import 'dockerode'; import 'testcontainers';", []],
    ['lab/ssh/a.ts', "import 'ssh2';", []],
    ['lab/host/a.ts', "import 'zx/core';", []],
    ['reports/allure/a.ts', "import 'allure-js-commons/sdk';", []],
    ['lab/docker/a.ts', "export type { Container } from 'dockerode';", ['package:1']],
  ])('%s: %s', (path, text, expected) => {
    expect(plant(path, text)).toEqual(expected);
  });
});

describe('inside the harness', () => {
  test.each([
    ['harness/model/a.ts', "import '../afr/b.ts';", ['one-way:1']],
    ['harness/faults/a.ts', "import '../procedures/b.ts';", ['one-way:1']],
    ['harness/procedures/a.ts', "import '../faults/b.ts';", ['one-way:1']],
    ['harness/oracles/a.ts', "import '../run/ports.ts';", ['one-way:1']],
    ['harness/model/a.ts', "import '../index.ts';", ['own-door:1']],
    ['harness/afr/a.ts', "import '../model/b.ts'; import './c.ts';", []],
    ['harness/run/a.ts', "import '../oracles/b.ts'; import '../faults/b.ts';", []],
  ])('%s: %s', (path, text, expected) => {
    expect(plant(path, text)).toEqual(expected);
  });

  test('what is for tests stays with the tests', () => {
    expect(plant('harness/model/a.ts', "import './b.fixture.ts';")).toEqual(['test-code:1']);
    expect(plant('harness/model/a.test.ts', "import './b.fixture.ts';")).toEqual([]);
  });
});

describe('an empty check is not a clean one', () => {
  test('no files at all', () => {
    expect(() => checkWalls([])).toThrow('found no .ts file in any room');
  });

  test('a room that was not found', () => {
    const found = checkWalls([{ path: 'harness/a.ts', text: '' }]).map(({ path, rule }) => `${path} ${rule}`);
    expect(found).toEqual(['lab empty', 'reports empty', 'scenarios empty', 'cli empty']);
  });

  test('a file that does not parse', () => {
    expect(() => plant('lab/a.ts', 'import from;')).toThrow('reading lab/a.ts as TypeScript');
  });
});
