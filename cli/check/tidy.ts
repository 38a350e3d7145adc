/** What no linter says: sizes, doors with a sign, tests beside their subject, nothing that names one machine. Pure. */
import { basename, dirname } from 'node:path/posix';
import { checkStories, checkTestHabits } from './habits.ts';
import { parse, type SourceFile, type Violation } from './source.ts';

export interface Waiver {
  readonly path: string;
  readonly rule: string;
  readonly because: string;
}

const ROOMS = ['harness', 'lab', 'reports', 'scenarios', 'cli'];
const MOST_LINES = 300;
const MOST_README_LINES = 60;
const DATA = /\.(json|jsonc|md|xml|txt|csv|ndjson|lock)$|(^|\/)(LICENSE|\.gitignore|\.npmrc)$/;

/** Paths and hosts that exist on one machine or in one company only. Container paths that images make are not meant. */
const MACHINE: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  { pattern: /(?<![\w.$}-]|\w["'])\/(?:work|Users)\/[\w.-]/, what: 'a path of one machine' },
  { pattern: /(?<![\w.$}-]|\w["'])\/root\/(?!\.ssh\b)[\w.-]/, what: 'a path of one machine' },
  { pattern: /(?<![\w.$}-]|\w["'])\/tmp\/hp\//, what: 'a path of one machine' },
  { pattern: /\bregistry(?:-\d+)?\.[a-z0-9-]+\.[a-z]{2,}/i, what: 'a registry host' },
];

/** @throws when there is nothing to look at: an empty check is not a clean one. */
export function checkTidy(files: readonly SourceFile[], waivers: readonly Waiver[]): Violation[] {
  const tests = files.filter(({ path }) => path.endsWith('.test.ts'));
  if (tests.length === 0)
    throw new Error('checking tidiness: found no *.test.ts; run it in the project’s own folder');
  const found = [
    ...files.flatMap((file) => [...tooLong(file), ...namesMachine(file)]),
    ...ROOMS.flatMap((room) => readme(room, files)),
    ...tests.flatMap((test) => besideSubject(test, files)),
    ...files
      .filter(({ path }) => /\.test\.ts$|^scenarios\/.*\.ts$|\.config\.ts$/.test(path))
      .flatMap(checkTestHabits),
    ...retriesOnCommandLines(files),
    ...stories(files),
  ];
  return waive(found, waivers);
}

function stories(files: readonly SourceFile[]): Violation[] {
  const inRoom = files.filter(({ path }) => /^scenarios\/.*\.ts$/.test(path) && !path.endsWith('.test.ts'));
  const checked = inRoom.map(checkStories);
  if (checked.every((each) => each.stories === 0)) {
    return [
      {
        path: 'scenarios',
        line: 0,
        rule: 'why',
        says: 'found no story (an object with id, why and oracles)',
      },
    ];
  }
  return checked.flatMap(({ violations }) => violations);
}

function tooLong(file: SourceFile): Violation[] {
  const lines = countLines(file);
  if (DATA.test(file.path) || lines <= MOST_LINES) return [];
  const says = `${lines} lines without blanks and comments; more than ${MOST_LINES} tell two things: split it`;
  return [{ path: file.path, line: 0, rule: 'length', says }];
}

/** Lines that hold more than blanks and comments. */
export function countLines(file: SourceFile): number {
  const lines = withoutComments(file).split('\n');
  return lines.filter((line) => line.trim() !== '').length;
}

function withoutComments(file: SourceFile): string {
  if (!/\.(ts|js|mjs)$/.test(file.path))
    return file.text.replaceAll(/^\s*(#(?!include|define|if|endif|else)|\/\/|\/?\*).*$/gm, '');
  let rest = '';
  let from = 0;
  for (const { start, end } of parse(file).comments) {
    rest += file.text.slice(from, start);
    from = end;
  }
  return rest + file.text.slice(from);
}

function namesMachine(file: SourceFile): Violation[] {
  return file.text.split('\n').flatMap((text, index) =>
    MACHINE.filter(({ pattern }) => pattern.test(text)).map(({ pattern, what }) => ({
      path: file.path,
      line: index + 1,
      rule: 'machine',
      says: `names ${what} ('${pattern.exec(text)?.[0] ?? ''}'); find it out at run time or take it as a parameter`,
    })),
  );
}

/** Tables that a command makes from the code are as long as they are. */
const MADE = /^<!-- .*: made by .*-->\n[\s\S]*?^<!-- end of .*-->\n/gm;

function readme(room: string, files: readonly SourceFile[]): Violation[] {
  const path = `${room}/README.md`;
  const text = files.find((file) => file.path === path)?.text;
  const broken = (says: string): Violation[] => [{ path, line: 0, rule: 'readme', says }];
  if (text === undefined)
    return broken('is missing; say what the room is for, what may not be in it, where to start');
  const lines = text.replaceAll(MADE, '').trimEnd().split('\n').length;
  return lines > MOST_README_LINES ? broken(`has ${lines} lines; a page has ${MOST_README_LINES}`) : [];
}

/** `a.test.ts` and `a.faults.test.ts` lie beside `a.*`, or beside a folder `a` whose files they test together. Stories are tested by what they tell, so scenarios/ is free. */
function besideSubject({ path }: SourceFile, files: readonly SourceFile[]): Violation[] {
  if (path.startsWith('scenarios/') || path.endsWith('.lab.test.ts')) return [];
  const [subject = ''] = basename(path).split('.');
  const beside = files.some(
    (file) =>
      !file.path.endsWith('.test.ts') &&
      ((dirname(file.path) === dirname(path) && basename(file.path).split('.')[0] === subject) ||
        dirname(file.path) === `${dirname(path)}/${subject}`),
  );
  const says = `has no ${subject}.ts or ${subject}/ beside it; a test lies beside its subject and has its name`;
  return beside ? [] : [{ path, line: 0, rule: 'beside', says }];
}

function retriesOnCommandLines(files: readonly SourceFile[]): Violation[] {
  return files
    .filter(({ path }) => path === 'package.json' || path.startsWith('.ci/') || path.startsWith('.github/'))
    .filter(({ text }) => /vitest[^\n]*--retry/.test(text))
    .map(({ path }) => ({
      path,
      line: 0,
      rule: 'no-retry',
      says: 'vitest is told to retry; retries hide findings',
    }));
}

/** A waiver that waives nothing is itself untidy: it would hide the next one. */
function waive(found: readonly Violation[], waivers: readonly Waiver[]): Violation[] {
  const covers = (waiver: Waiver, each: Violation): boolean =>
    waiver.path === each.path && waiver.rule === each.rule;
  const left = found.filter((each) => !waivers.some((waiver) => covers(waiver, each)));
  const stale = waivers.filter((waiver) => !found.some((each) => covers(waiver, each)));
  return [
    ...left,
    ...stale.map(({ path, rule }) => ({
      path,
      line: 0,
      rule: 'waiver',
      says: `is waived from ${rule} for nothing; remove the waiver`,
    })),
  ];
}
