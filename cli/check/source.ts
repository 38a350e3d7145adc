/** The files of this project as the checks see them: text and syntax tree, read once. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync, type Comment, type Program } from 'oxc-parser';

/** One text file. `path` is relative to the project, with forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Something a check does not accept: where, and what to do about it. */
export interface Violation {
  readonly path: string;
  /** Counts from 1; 0 = the file as a whole. */
  readonly line: number;
  readonly rule: string;
  readonly says: string;
}

export interface Syntax {
  readonly program: Program;
  readonly comments: readonly Comment[];
}

/** Made or fetched by tools, or captured from real machines: nobody writes these by hand. */
const NOT_OURS = new Set([
  'node_modules',
  '.git',
  '.vitest',
  'golden',
  'out',
  'allure-results',
  'allure-report',
]);
const NOT_TEXT = /\.(png|svg|jpg|gif|ico|ttf|woff2?|gz|xz|zst|tar|qcow2|raw|bin|img|log)$/;

export function readSources(root: string): SourceFile[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !NOT_TEXT.test(entry.name))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((path) => !path.split('/').some((part) => NOT_OURS.has(part)))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

/** @throws when the file is no TypeScript: a file that can't be read can't be said to be clean. */
export function parse(file: SourceFile): Syntax {
  const { program, comments, errors } = parseSync(file.path, file.text, { lang: 'ts' });
  const [error] = errors;
  if (error !== undefined) {
    throw new Error(`reading ${file.path} as TypeScript: ${error.message}; correct the syntax first`);
  }
  return { program, comments };
}

export function lineOf(file: SourceFile, offset: number): number {
  return file.text.slice(0, offset).split('\n').length;
}

/** Tests and what only tests use; they may touch files and the test runner in every room. */
export function isTestCode(path: string): boolean {
  return /\.(test|fixture)\.ts$/.test(path);
}

export function printViolation({ path, line, rule, says }: Violation): string {
  return `${path}${line > 0 ? `:${line}` : ''}  ${says}  [${rule}]`;
}
