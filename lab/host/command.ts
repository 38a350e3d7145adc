/** Commands on this machine. The only place that knows zx. */
import { access, constants, readFile } from 'node:fs/promises';

export interface CommandResult {
  /** Exit code; null when a signal or the deadline ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
}

export interface CommandOptions {
  readonly limitMs: number;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Called with each line of output as it comes, both streams. */
  readonly onLine?: (line: string) => void;
}

/** Ends a process and all below it, from the top, so that none starts another. */
async function endTree(pid: number): Promise<void> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // has ended by itself meanwhile
  }
  for (const child of children.split(' ').filter(Boolean)) await endTree(Number(child));
}

/** Runs a program with its arguments as they are, no shell words. Never throws for how the program ended. */
export async function runCommand(
  command: readonly string[],
  { limitMs, env, onLine }: CommandOptions,
): Promise<CommandResult> {
  // 110 ms to import, and most calls of the CLI run no command
  const { $ } = await import('zx');
  const shell = $({
    nothrow: true,
    quiet: true,
    verbose: false,
    // zx runs bash, and bash whose standard input is a socket takes itself for rshd's: it would read ~/.bashrc, whatever that does.
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LC_ALL: 'C', ...env },
  });
  const running = shell`${command}`;
  let timedOut = false;
  const deadline = setTimeout(() => {
    timedOut = true;
    if (running.pid !== undefined) void endTree(running.pid);
  }, limitMs);
  if (onLine) {
    running.stdout.on('data', eachLine(onLine));
    running.stderr.on('data', eachLine(onLine));
  }
  const output = await running.finally(() => clearTimeout(deadline));
  return { code: timedOut ? null : output.exitCode, stdout: output.stdout, stderr: output.stderr, timedOut };
}

/** Turns chunks into lines; a carriage return ends a line too, as progress bars use it. */
export function eachLine(onLine: (line: string) => void): (chunk: Buffer | string) => void {
  let rest = '';
  return (chunk) => {
    const lines = (rest + chunk.toString()).split(/\r\n|\r|\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') onLine(line);
  };
}

/** What a failed command says about itself, for an error message: the end of its output. */
export function tailOf({ stdout, stderr, code, timedOut }: CommandResult, lines = 15): string {
  const ended = timedOut ? 'did not end in time' : `ended with ${code}`;
  const text = (stderr.trim() === '' ? stdout : stderr).trim().split('\n').slice(-lines).join('\n');
  return `${ended}${text === '' ? ', without a word' : `:\n${text}`}`;
}

/** Full path of a program on PATH, or undefined. */
export async function findProgram(name: string): Promise<string | undefined> {
  const path = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;
  for (const folder of path.split(':').filter(Boolean)) {
    const candidate = `${folder}/${name}`;
    const runnable = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runnable) return candidate;
  }
  return undefined;
}
