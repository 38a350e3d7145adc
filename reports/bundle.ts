/** The folder that one run leaves, layout version 1 (see `readmeText`). */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { History } from '../harness/index.ts';
import { accessHtml, accessOf, accessPicture } from './access/page.ts';
import { ABOUT, SCHEMA } from './about.ts';
import type { About } from './about.ts';
import type { Judged } from './as-expected.ts';
import { attributeFiles, backlogCsv, readmeText, snapshotFiles } from './bundle-files.ts';
import { faultsHtml } from './faults-html.ts';
import { evidenceHtml } from './evidence.ts';
import { readJournal } from './journal.ts';
import { pngOf } from './picture.ts';
import { redact } from './redact.ts';
import { resultOf, verdictFileOf } from './run-result.ts';
import type { RunResult, VerdictFile } from './run-result.ts';
import { timelineSvg } from './timeline.ts';

export interface Bundle {
  readonly dir: string;
  /** For `openJournal`. */
  readonly historyPath: string;
  /** Exists; the lab writes there. */
  readonly logsDir: string;
}

/** A folder that can't be read as a bundle. */
export class BadBundle extends Error {
  override readonly name = 'BadBundle';
}

/** Makes the folder and says in it what is going to be played. @throws when it exists and is not empty. */
export function createBundle(dir: string, about: About): Bundle {
  const at = resolve(dir);
  mkdirSync(at, { recursive: true });
  if (readdirSync(at).length > 0) {
    throw new Error(
      `can't put the bundle of run ${about.id} into ${at}: the folder is not empty; give each run its own`,
    );
  }
  for (const folder of ['logs', 'snapshots']) mkdirSync(join(at, folder));
  writeJson(join(at, 'run.json'), about);
  writeFileSync(join(at, 'README.txt'), readmeText(about));
  return { dir: at, historyPath: join(at, 'history.ndjson'), logsDir: join(at, 'logs') };
}

/**
 * Writes what the oracles said and all that follows from the history. The verdict is written first; a picture or a table that fails
 * is told in `notes` and costs nothing else. @throws BadBundle when the folder is no bundle, and when the verdict can't be written.
 */
export function finishBundle(dir: string, history: History, judged: Judged): RunResult {
  const at = resolve(dir);
  const about = readAbout(at);
  const file = verdictFileOf(about, history, judged);
  writeJson(join(at, 'verdict.json'), file);

  const trouble: string[] = [];
  const attempt = (name: string, content: () => string | Buffer): void => {
    try {
      writeFileSync(join(at, name), content());
    } catch (error) {
      trouble.push(`${name} could not be made: ${(error as Error).message}`);
    }
  };
  for (const [name, snapshot] of snapshotFiles(history)) {
    attempt(join('snapshots', name), () => json(snapshot));
  }
  for (const [name, dump] of attributeFiles(history)) attempt(join('snapshots', name), () => dump);
  for (const name of filesIn(join(at, 'logs'))) {
    attempt(join('logs', name), () => redact(readFileSync(join(at, 'logs', name), 'utf8')));
  }
  attempt('backlog.csv', () => backlogCsv(history));
  const faults = faultsHtml(about.title, history);
  if (faults !== undefined) attempt('faults.html', () => faults);
  attempt('evidence.html', () => evidenceHtml(about, file, history));
  const access = accessOf(history);
  if (access !== undefined) {
    attempt('access.html', () => accessHtml(`${about.title}: who depends on whom`, access));
    attempt('access.svg', () => accessPicture(access));
  }
  const { verdict: kind, because, asExpected, figures } = file;
  const told = { kind, because, expected: about.expected.verdict, asExpected };
  let svg: string | undefined;
  attempt('timeline.svg', () => (svg = timelineSvg(history, { title: about.title, told, figures })));
  if (svg !== undefined) attempt('timeline.png', () => pngOf(svg ?? ''));
  return resultOf(about, file, at, trouble);
}

export interface ReadBundle {
  readonly dir: string;
  readonly about: About;
  readonly history: History;
  /** The history's last line is not whole: the run was killed. */
  readonly cutOff?: string;
  /** Missing when the run was cut off before it was judged. */
  readonly verdict?: VerdictFile;
}

/** @throws BadBundle when the folder is no bundle, BadHistory when its history can't be believed. */
export function readBundle(dir: string): ReadBundle {
  const at = resolve(dir);
  const about = readAbout(at);
  const historyPath = join(at, 'history.ndjson');
  if (!existsSync(historyPath)) {
    throw new BadBundle(
      `${at} has no history.ndjson: run ${about.id} ended before its first event, there is nothing to judge`,
    );
  }
  const verdictPath = join(at, 'verdict.json');
  return {
    dir: at,
    about,
    ...readJournal(historyPath),
    ...(existsSync(verdictPath) ? { verdict: readVerdict(verdictPath) } : {}),
  };
}

/** What the run of a bundle is about. @throws BadBundle when the folder is none. */
export function readAbout(dir: string): About {
  const path = join(dir, 'run.json');
  if (!existsSync(dir)) throw new BadBundle(`${dir} does not exist; give the folder of a run`);
  if (!existsSync(path)) {
    throw new BadBundle(`${dir} is no bundle: it has no run.json; give the folder that one run left`);
  }
  const found = readJson(path);
  checkSchema(path, found);
  const about = ABOUT.safeParse(found);
  if (about.success) return about.data;
  const wrong = about.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  throw new BadBundle(`${path} is not what Healproof writes there: ${wrong}`);
}

function readVerdict(path: string): VerdictFile {
  const found = readJson(path) as Partial<VerdictFile> | null;
  checkSchema(path, found);
  if (found?.verdict === undefined || !Array.isArray(found.judgements) || found.figures === undefined) {
    throw new BadBundle(`${path} is not what Healproof writes there: verdict, judgements or figures missing`);
  }
  return found as VerdictFile;
}

function checkSchema(path: string, found: unknown): void {
  const schema = (found as { schema?: unknown } | null)?.schema;
  if (schema === SCHEMA) return;
  throw new BadBundle(
    typeof schema === 'number'
      ? `${path} has layout version ${schema}, this Healproof reads version ${SCHEMA}; use the one that wrote it`
      : `${path} names no layout version, so it was not written by Healproof`,
  );
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new BadBundle(`can't read ${path}: ${(error as Error).message}`);
  }
}

const filesIn = (dir: string): readonly string[] =>
  existsSync(dir)
    ? readdirSync(dir, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : []))
    : [];

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Whole or not at all. */
function writeJson(path: string, value: unknown): void {
  writeFileSync(`${path}.new`, json(value));
  renameSync(`${path}.new`, path);
}
