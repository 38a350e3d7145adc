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

/**
 * Makes one HTML file with everything in it, attachments too; answers its path. An older report in `outDir` is removed, since Allure
 * would leave its pages in place. @throws when there are no results, when `outDir` holds something else than a report, or Allure fails.
 */
export async function makeReport(
  resultsDir: string,
  outDir: string,
  { historyPath }: ReportOptions = {},
): Promise<string> {
  const [from, to] = [resolve(resultsDir), resolve(outDir)];
  checkFolders(from, to);
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
  if (existsSync(to) && readdirSync(to).length > 0 && !existsSync(join(to, 'index.html'))) {
    throw new Error(
      `can't make the report in ${to}: the folder is not empty and holds no report; name another`,
    );
  }
}

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

function pagesIn(dir: string): readonly string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.html'))
    .map((name) => join(dir, name));
}

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
