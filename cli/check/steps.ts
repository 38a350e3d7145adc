/** The steps of `npm run check`: what each looks at, and how. None of them needs an engine. */
import { readSources, printViolation, type Violation } from './source.ts';
import { checkTidy } from './tidy.ts';
import { checkWalls } from './walls.ts';
import { WAIVERS } from './waivers.ts';

/** What a step found. `output` is printed when it failed. */
export interface Found {
  readonly ok: boolean;
  readonly summary: string;
  readonly output: string;
}

export type Step = { readonly name: string; readonly looksAt: string } & (
  | { readonly kind: 'commands'; readonly commands: readonly (readonly string[])[] }
  | { readonly kind: 'vitest' }
  | { readonly kind: 'look'; look(root: string): Found }
);

/** In the order in which they are started: the longest first. */
export const STEPS: readonly Step[] = [
  { name: 'unit', looksAt: 'unit tests of all rooms', kind: 'vitest' },
  {
    name: 'types',
    looksAt: 'all rooms, then the harness alone without Node',
    kind: 'commands',
    commands: [
      ['tsc', '-p', 'tsconfig.json'],
      ['tsc', '-p', 'harness/tsconfig.json'],
    ],
  },
  {
    name: 'lint',
    looksAt: 'type-aware rules',
    kind: 'commands',
    commands: [['oxlint', '--type-aware', '--deny-warnings', '--format=unix']],
  },
  {
    name: 'unused',
    looksAt: 'files, exports and packages',
    kind: 'commands',
    commands: [['knip', '--no-progress']],
  },
  {
    name: 'format',
    looksAt: 'layout of every file',
    kind: 'commands',
    commands: [['oxfmt', '--check', '.']],
  },
  { name: 'walls', looksAt: 'who imports whom', kind: 'look', look: (root) => look(root, checkWalls) },
  {
    name: 'tidy',
    looksAt: 'sizes, reasons, names, skipped tests',
    kind: 'look',
    look: (root) => look(root, (files) => checkTidy(files, WAIVERS)),
  },
];

function look(root: string, check: (files: ReturnType<typeof readSources>) => Violation[]): Found {
  try {
    const files = readSources(root);
    const found = check(files);
    const summary = found.length === 0 ? `${files.length} files read` : `${found.length} found`;
    return { ok: found.length === 0, summary, output: found.map(printViolation).join('\n') };
  } catch (error) {
    return { ok: false, summary: 'could not look', output: String(error) };
  }
}
