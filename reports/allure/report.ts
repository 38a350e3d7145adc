/** Allure results to a report that opens from the file system, on a machine without any network. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withoutAnalytics } from './analytics.ts';

const LIMIT_MS = 300_000;

export interface ReportOptions {
  /** A file outside `outDir` that remembers earlier reports (one line each, made when missing), for trends. */
  readonly historyPath?: string;
}

/** Beside the report, a line per file of it: what a later report may remove. */
const OURS = '.healproof-report';

/**
 * Makes one HTML file with everything in it, attachments too; answers its path. An older report in `outDir` is removed, since Allure
 * would leave its pages in place. @throws when there are no results, when `outDir` holds a file that we did not make, or Allure fails.
 */
export async function makeReport(
  resultsDir: string,
  outDir: string,
  { historyPath }: ReportOptions = {},
): Promise<string> {
  const [from, to] = [resolve(resultsDir), resolve(outDir)];
  checkFolders(from, to);
  // Nothing in it is anybody else's.
  rmSync(to, { recursive: true, force: true });
  const scratch = mkdtempSync(join(tmpdir(), 'healproof-allure-'));
  try {
    const config = join(scratch, 'allurerc.json');
    writeFileSync(config, JSON.stringify(settings(to, historyPath)));
    await runAllure(['generate', '--config', config, '--output', to, from], scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  const index = join(to, 'index.html');
  if (!existsSync(index)) throw new Error(`Allure ended well and left no ${index}`);
  for (const page of pagesIn(to)) {
    writeFileSync(page, withoutAnalytics(readFileSync(page, 'utf8'), page));
  }
  writeFileSync(join(to, OURS), `${filesIn(to).join('\n')}\n`);
  return index;
}

function checkFolders(from: string, to: string): void {
  if (!existsSync(from) || !readdirSync(from).some((name) => name.endsWith('-result.json'))) {
    throw new Error(
      `no Allure results in ${from}: no test was published there, so there is nothing to report`,
    );
  }
  if (!relative(to, from).startsWith('..')) {
    throw new Error(
      `can't make the report in ${to}: its results are inside, and the folder is emptied first`,
    );
  }
  const made = new Set([OURS, ...listed(join(to, OURS))]);
  const foreign = existsSync(to) ? filesIn(to).find((name) => !made.has(name)) : undefined;
  if (foreign !== undefined) {
    throw new Error(
      `can't make the report in ${to}: ${foreign} in it was not made by an earlier report of Healproof, and the folder is emptied first; name another folder`,
    );
  }
}

const listed = (path: string): readonly string[] =>
  existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];

const settings = (output: string, historyPath: string | undefined): object => ({
  name: 'Healproof',
  output,
  ...(historyPath === undefined ? {} : { historyPath: resolve(historyPath), appendHistory: true }),
  categories: {
    rules: [
      { name: 'The evidence does not suffice for a verdict', messageRegex: '[\\s\\S]*got unknown[\\s\\S]*' },
      { name: 'Did not end as expected', matchers: { statuses: ['failed'] } },
      { name: 'Could not be played', matchers: { statuses: ['broken'] } },
    ],
  },
  plugins: {
    awesome: {
      options: { singleFile: true, reportLanguage: 'en', groupBy: ['epic', 'feature', 'story'] },
    },
  },
});

/** With their folders' names; what is no folder is a file. */
function filesIn(dir: string): readonly string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(dir, join(entry.parentPath, entry.name)));
}

const pagesIn = (dir: string): readonly string[] =>
  filesIn(dir)
    .filter((name) => name.endsWith('.html'))
    .map((name) => join(dir, name));

async function runAllure(args: readonly string[], cwd: string): Promise<void> {
  const cli = fileURLToPath(new URL('../cli.js', import.meta.resolve('allure')));
  const child = spawn(process.execPath, [cli, ...args], {
    cwd,
    env: { ...process.env, NO_COLOR: '1', ALLURE_NO_ANALYTICS: 'true' },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  }
  const ended = await new Promise<string>((settle, fail) => {
    child.once('error', fail);
    child.once('close', (code, signal) => settle(signal ?? String(code)));
  });
  if (ended !== '0') {
    throw new Error(
      `making the Allure report failed: "allure ${args[0]}" ended with ${ended} (limit ${LIMIT_MS / 1000} s) and said:\n${said.trim()}`,
    );
  }
}
