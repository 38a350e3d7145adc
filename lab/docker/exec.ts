/** Commands inside machines, by the engine: the harness's own way, never a procedure's or a person's. */
import { PassThrough } from 'node:stream';
import type { Duplex } from 'node:stream';
import type { ExecOutcome } from '../../harness/index.ts';
import { messageOf } from './connection.ts';
import type { Engine } from './connection.ts';
import type { Machine } from './machines.ts';
import { cutAfter } from './within.ts';
import type { Cut } from './within.ts';

export interface ExecOptions {
  readonly limitMs: number;
  readonly signal?: AbortSignal;
  /** Written to the command's standard input, which is then closed. */
  readonly input?: string;
}

const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString('utf8');

const over = (stream: Duplex): Promise<'end'> =>
  new Promise((resolve) => {
    for (const event of ['end', 'close', 'error']) stream.once(event, () => resolve('end'));
  });

/** The command itself has `timeout`; what is beyond that is the engine's. */
const ENGINE_MS = 3000;

/** Runs a bash line. The command itself gets `timeout`, so that nothing goes on after we have stopped waiting. */
export async function execLine(
  engine: Engine,
  machine: Machine,
  line: string,
  { limitMs, signal, input }: ExecOptions,
): Promise<ExecOutcome> {
  const began = performance.now();
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  const cutShort = (how: Cut): ExecOutcome =>
    how === 'aborted'
      ? { kind: 'cut-off', because: 'the run was interrupted' }
      : { kind: 'timed-out', afterMs: limitMs, stdout: text(out), stderr: text(err) };
  // From before the first request: the engine may take that and never answer.
  using ending = cutAfter(limitMs + ENGINE_MS, signal);
  try {
    if (signal?.aborted === true) return cutShort('aborted');
    const starting = start(engine, machine, line, limitMs, input !== undefined);
    const started = await Promise.race([starting, ending.cut]);
    if (typeof started === 'string') {
      starting.then(({ stream }) => stream.destroy()).catch(() => undefined);
      return cutShort(started);
    }
    const { exec, stream } = started;
    const stdout = new PassThrough().on('data', (chunk: Buffer) => out.push(chunk));
    const stderr = new PassThrough().on('data', (chunk: Buffer) => err.push(chunk));
    engine.api.modem.demuxStream(stream, stdout, stderr);
    if (input !== undefined) stream.end(input);
    const how = await Promise.race([over(stream), ending.cut]);
    if (how !== 'end') {
      stream.destroy();
      return cutShort(how);
    }
    const inspected = await Promise.race([exec.inspect(), ending.cut]);
    if (typeof inspected === 'string') return cutShort(inspected);
    const { ExitCode: exitCode } = inspected;
    if (exitCode === null)
      return { kind: 'cut-off', because: `${machine.hostname} ended while the command ran` };
    if (exitCode === 124) return cutShort('limit');
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

async function start(engine: Engine, machine: Machine, line: string, limitMs: number, hasInput: boolean) {
  const seconds = Math.max(1, Math.ceil(limitMs / 1000));
  const exec = await engine.api.getContainer(machine.id).exec({
    Cmd: ['timeout', '-k', '2', String(seconds), 'bash', '-c', line],
    AttachStdout: true,
    AttachStderr: true,
    AttachStdin: hasInput,
  });
  return { exec, stream: await exec.start({ hijack: true, stdin: hasInput }) };
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
