/** Runs the command under attack once, ends it when its time is up, and ends whatever it leaves behind. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import type { GateRun } from '../../harness/index.ts';
import { MARK } from './stage.ts';

export interface RunOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly limitMs: number;
  readonly signal?: AbortSignal;
}

const MOST_TEXT = 1_000_000;
/** Output that comes after the command has ended belongs to what it left behind. */
const LAST_WORDS_MS = 200;

/** Rejects only when the command can't be started at all. */
export async function runCommand(command: readonly string[], options: RunOptions): Promise<GateRun> {
  const [program = '', ...words] = command;
  // A session of its own: it gets no terminal, and its children can be told from all others.
  const child = spawn(program, words, {
    env: options.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8');
    child[name].on('data', (chunk: string) => {
      if (texts[name].length < MOST_TEXT) texts[name] += chunk;
    });
  }
  const stage = options.env[MARK] ?? '';
  let outOfTime = false;
  const since = child.pid === undefined ? 0 : (statOf(child.pid)?.started ?? 0);
  const end = (): void => endAll(child.pid, since, stage);
  const timer = setTimeout(() => {
    outOfTime = true;
    end();
  }, options.limitMs);
  options.signal?.addEventListener('abort', end, { once: true });
  try {
    const [code, signal] = await ended(child);
    if (outOfTime) return { kind: 'out-of-time', afterMs: options.limitMs, ...texts };
    if (code === null) return { kind: 'killed', signal: signal ?? 'a signal', ...texts };
    return { kind: 'ended', exitCode: code, ...texts };
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', end);
    end();
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

type Child = ReturnType<typeof spawn>;

function ended(child: Child): Promise<readonly [code: number | null, signal: string | null]> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      const done = (): void => {
        clearTimeout(timer);
        resolve([code, signal]);
      };
      const timer = setTimeout(done, LAST_WORDS_MS);
      child.once('close', done);
    });
  });
}

/** Ends the session that the command began, and every process that carries its stage's mark: `timeout` and others make groups of their own. */
function endAll(session: number | undefined, since: number, stage: string): void {
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    const stat = Number.isInteger(pid) && pid !== process.pid ? statOf(pid) : undefined;
    // Whatever began before the command is not its own.
    if (stat === undefined || stat.started < since) continue;
    if (stat.session !== session && !marked(pid, stage)) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself in the meantime.
    }
  }
}

/** Undefined when there is no such process any more. */
function statOf(pid: number): { readonly session: number; readonly started: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // After the name in brackets: state, parent, group, session; the start, in clock ticks, is the 20th.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { session: Number(fields[3]), started: Number(fields[19]) };
  } catch {
    return undefined;
  }
}

function marked(pid: number, stage: string): boolean {
  try {
    return stage !== '' && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`${MARK}=${stage}\0`);
  } catch {
    return false;
  }
}
