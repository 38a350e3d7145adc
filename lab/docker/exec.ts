/** Commands inside machines, by the engine: the harness's own way, never a procedure's or a person's. */
import { PassThrough } from 'node:stream';
import type { Duplex } from 'node:stream';
import type { ExecOutcome } from '../../harness/index.ts';
import { messageOf } from './connection.ts';
import type { Engine } from './connection.ts';
import type { Machine } from './machines.ts';

export interface ExecOptions {
  readonly limitMs: number;
  readonly signal?: AbortSignal;
  /** Written to the command's standard input, which is then closed. */
  readonly input?: string;
}

const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString('utf8');

/** Ends when the stream ends, the limit passes or the signal aborts, whichever is first. */
function ended(
  stream: Duplex,
  limitMs: number,
  signal: AbortSignal | undefined,
): Promise<'end' | 'limit' | 'aborted'> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve('limit'), limitMs);
    const settle = (how: 'end' | 'aborted') => () => {
      clearTimeout(timer);
      resolve(how);
    };
    stream.once('end', settle('end'));
    stream.once('close', settle('end'));
    stream.once('error', settle('end'));
    if (signal?.aborted === true) settle('aborted')();
    else signal?.addEventListener('abort', settle('aborted'), { once: true });
  });
}

/** Runs a bash line. The command itself gets `timeout`, so that nothing goes on after we have stopped waiting. */
export async function execLine(
  engine: Engine,
  machine: Machine,
  line: string,
  { limitMs, signal, input }: ExecOptions,
): Promise<ExecOutcome> {
  const began = performance.now();
  const seconds = Math.max(1, Math.ceil(limitMs / 1000));
  try {
    const exec = await engine.api.getContainer(machine.id).exec({
      Cmd: ['timeout', '-k', '2', String(seconds), 'bash', '-c', line],
      AttachStdout: true,
      AttachStderr: true,
      AttachStdin: input !== undefined,
    });
    const stream = await exec.start({ hijack: true, stdin: input !== undefined });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    const stdout = new PassThrough().on('data', (chunk: Buffer) => out.push(chunk));
    const stderr = new PassThrough().on('data', (chunk: Buffer) => err.push(chunk));
    engine.api.modem.demuxStream(stream, stdout, stderr);
    if (input !== undefined) stream.end(input);
    const how = await ended(stream, limitMs + 3000, signal);
    if (how === 'aborted') {
      stream.destroy();
      return { kind: 'cut-off', because: 'the run was interrupted' };
    }
    if (how === 'limit') {
      stream.destroy();
      return { kind: 'timed-out', afterMs: limitMs, stdout: text(out), stderr: text(err) };
    }
    const { ExitCode: exitCode } = await exec.inspect();
    if (exitCode === null)
      return { kind: 'cut-off', because: `${machine.hostname} ended while the command ran` };
    if (exitCode === 124)
      return { kind: 'timed-out', afterMs: limitMs, stdout: text(out), stderr: text(err) };
    return {
      kind: 'exited',
      exitCode,
      stdout: text(out),
      stderr: text(err),
      tookMs: Math.round(performance.now() - began),
    };
  } catch (error) {
    return { kind: 'cut-off', because: `${machine.hostname}: ${messageOf(error)}` };
  }
}

/** Runs a command for as long as the machine lives and hands over its output line by line. Resolves when it ends. */
export async function execStream(
  engine: Engine,
  machine: Machine,
  command: readonly string[],
  seeLine: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const exec = await engine.api
    .getContainer(machine.id)
    .exec({ Cmd: [...command], AttachStdout: true, AttachStderr: true });
  const stream = await exec.start({ hijack: true, stdin: false });
  let rest = '';
  const stdout = new PassThrough();
  stdout.setEncoding('utf8');
  stdout.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) seeLine(line);
  });
  engine.api.modem.demuxStream(stream, stdout, new PassThrough().resume());
  // it may have been aborted while the command was being started
  if (signal.aborted) stream.destroy();
  signal.addEventListener('abort', () => stream.destroy(), { once: true });
  await new Promise<void>((resolve) => {
    for (const event of ['end', 'close', 'error']) stream.once(event, () => resolve());
  });
}

/** What the machine's first process has printed so far, newest last, at most about 1 MiB. */
export async function machineOutput(engine: Engine, machine: Machine): Promise<string> {
  const raw = await engine.api
    .getContainer(machine.id)
    .logs({ stdout: true, stderr: true, tail: 4000, follow: false });
  const out: Buffer[] = [];
  // Frames of eight bytes of header (stream, 0, 0, 0, big-endian length) and the text.
  for (let at = 0; at + 8 <= raw.length;) {
    const length = raw.readUInt32BE(at + 4);
    out.push(raw.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return text(out);
}
