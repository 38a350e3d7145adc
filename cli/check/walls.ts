/** The walls between the rooms, as DESIGN's table draws them. Pure: files in, violations out. */
import { isBuiltin } from 'node:module';
import { dirname, normalize } from 'node:path/posix';
import { importsOf, type Import } from './imports.ts';
import { isTestCode, type SourceFile, type Violation } from './source.ts';

const ROOMS = ['harness', 'lab', 'reports', 'scenarios', 'cli'] as const;
type Room = (typeof ROOMS)[number];

const MAY_ENTER: Readonly<Record<Room, readonly Room[]>> = {
  harness: [],
  lab: ['harness'],
  reports: ['harness'],
  scenarios: ['harness', 'lab', 'reports', 'cli'],
  cli: ['harness', 'lab', 'reports', 'scenarios'],
};

/** Data flows one way inside the harness too. Folders that are not named here are free. */
const HARNESS_MAY_ENTER: Readonly<Record<string, readonly string[]>> = {
  model: [],
  afr: ['model'],
  gates: ['model', 'afr', 'oracles'],
  oracles: ['model', 'afr', 'gates', 'alerting', 'procedures', 'faults'],
  faults: ['model', 'afr'],
  procedures: ['model', 'afr', 'gates'],
  alerting: ['model', 'afr', 'procedures'],
};

/** A package that one folder wraps, so that nobody else has to know it. */
const KEPT_IN: readonly { readonly name: RegExp; readonly folder: string }[] = [
  { name: /^(testcontainers|@testcontainers\/.*|dockerode)$/, folder: 'lab/docker/' },
  { name: /^ssh2$/, folder: 'lab/ssh/' },
  { name: /^ssh-config$/, folder: 'lab/site/' },
  { name: /^zx$/, folder: 'lab/host/' },
  { name: /^prom-client$/, folder: 'lab/exporter/' },
  { name: /^(allure|allure-.*|@allurereport\/.*)$/, folder: 'reports/allure/' },
];

/** A room has one door. What takes long to import lies behind a door of its own (Allure), so does what needs no engine (judging collected files, asking a real cluster), and what only the exporter needs. */
const SECOND_DOORS: readonly string[] = [
  'reports/allure/index.ts',
  'lab/collected/index.ts',
  'lab/exporter/index.ts',
  'lab/on-site.ts',
];

const TEST_PACKAGES = new Set(['vitest', 'fast-check']);

/** @throws when there is nothing to look at. A room without files is broken too: an empty check is not a clean one. */
export function checkWalls(files: readonly SourceFile[]): Violation[] {
  const sources = files.filter(({ path }) => path.endsWith('.ts'));
  const rooms = new Set(sources.map(({ path }) => roomOf(path)));
  if (ROOMS.every((room) => !rooms.has(room))) {
    throw new Error("checking the walls: found no .ts file in any room; run it in the project's own folder");
  }
  const empty = ROOMS.filter((room) => !rooms.has(room));
  return [
    ...empty.map((room) => ({ path: room, line: 0, rule: 'empty', says: 'found no .ts file in this room' })),
    ...sources.flatMap((file) => importsOf(file).flatMap((each) => judge(file.path, each))),
  ];
}

function judge(from: string, { specifier, how, line }: Import): Violation[] {
  const broken = (rule: string, says: string): Violation[] => [{ path: from, line, rule, says }];
  if (specifier === undefined) {
    return broken('computed-import', 'imports a path made at run time, which no wall can see; write it out');
  }
  if (/^(\.{1,2})(\/|$)/.test(specifier)) {
    return judgePath(from, normalize(`${dirname(from)}/${specifier}`), broken);
  }
  if (/^([/#]|file:|data:|https?:|healproof(\/|$))/.test(specifier)) {
    return broken('odd-import', `imports '${specifier}'; import files by a relative path, packages by name`);
  }
  return judgePackage(from, specifier, how, broken);
}

type Broken = (rule: string, says: string) => Violation[];

function judgePath(from: string, to: string, broken: Broken): Violation[] {
  const here = roomOf(from);
  const there = roomOf(to);
  if (isTestCode(to) && !isTestCode(from))
    return broken('test-code', `imports ${to}, which is for tests only`);
  if (here === there) return here === 'harness' ? judgeInHarness(from, to, broken) : [];
  if (there === undefined) return broken('outside', `imports ${to}, which belongs to no room`);
  if (here !== undefined && !MAY_ENTER[here].includes(there)) {
    const may = MAY_ENTER[here].join(', ') || 'nobody';
    return broken('rooms', `${here}/ imports ${to}; ${here}/ may import ${may}`);
  }
  if (to !== `${there}/index.ts` && !SECOND_DOORS.includes(to))
    return broken('door', `imports ${to}; the only door is ${there}/index.ts`);
  return [];
}

function judgeInHarness(from: string, to: string, broken: Broken): Violation[] {
  const [, here = ''] = from.split('/');
  const [, there = ''] = to.split('/');
  const may = HARNESS_MAY_ENTER[here];
  if (to === 'harness/index.ts' && !isTestCode(from)) {
    return broken('own-door', 'imports its own room through the door; import the file itself');
  }
  if (here === there || may === undefined || may.includes(there) || isTestCode(from)) return [];
  return broken('one-way', `harness/${here} imports ${to}; it may import ${may.join(', ') || 'nobody'}`);
}

function judgePackage(from: string, specifier: string, how: Import['how'], broken: Broken): Violation[] {
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  const forTests = isTestCode(from) && (isBuiltin(specifier) || TEST_PACKAGES.has(name));
  if (roomOf(from) === 'harness' && !forTests) {
    return broken(
      'harness-alone',
      `harness/ imports '${specifier}'; it gets the world through harness/run/ports.ts`,
    );
  }
  const kept = KEPT_IN.find((each) => each.name.test(name));
  if (kept !== undefined && !from.startsWith(kept.folder)) {
    return broken('package', `imports '${specifier}'; only ${kept.folder} may`);
  }
  if (kept !== undefined && how === 're-export') {
    return broken('package', `passes '${specifier}' on; wrap what others need in a type of our own`);
  }
  return [];
}

function roomOf(path: string): Room | undefined {
  return ROOMS.find((room) => path.startsWith(`${room}/`));
}
