/** One image build over the Engine API: its progress, its log, its failure. */
import { createWriteStream } from 'node:fs';
import type { WriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { finished } from 'node:stream/promises';
import { askEngine } from '../engine/http.ts';
import type { Say } from '../engine/install.ts';
import { eachLine } from '../host/index.ts';
import type { ContextFile } from './context.ts';
import { packContext } from './context.ts';

/** A single step (installing QEMU from a slow mirror) may be silent for long. */
const SILENCE_MS = 10 * 60_000;
const TAIL_LINES = 60;

export interface BuildMessage {
  /** Text for the log, as it came. */
  readonly text: string;
  readonly error?: string;
}

/** One line of the engine's answer. Lines that are not JSON are kept as text: they are of use in a log. */
export function parseBuildLine(line: string): BuildMessage {
  let message: unknown;
  try {
    message = JSON.parse(line);
  } catch {
    return { text: `${line}\n` };
  }
  if (typeof message !== 'object' || message === null) return { text: '' };
  const { stream, status, error } = message as Record<string, unknown>;
  const text = typeof stream === 'string' ? stream : typeof status === 'string' ? `${status}\n` : '';
  return typeof error === 'string' ? { text: `${text}${error}\n`, error } : { text };
}

/** `Step 3/12 : RUN …` as a person wants it, or undefined for all other output. */
export function stepOf(line: string): string | undefined {
  const [, step, all, what] = /^Step (\d+)\/(\d+) : (.*)$/.exec(line) ?? [];
  return what === undefined ? undefined : `step ${step} of ${all}: ${what.slice(0, 90)}`;
}

/** Proxies of this machine: build arguments that Docker knows and keeps out of the image's history. */
function proxies(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const names = ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'];
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}

export interface Build {
  readonly host: string;
  readonly tag: string;
  readonly base: string;
  readonly files: readonly ContextFile[];
  /** Gets the whole log; removed again when the build succeeds. */
  readonly logPath: string;
  readonly say: Say;
  readonly env: Readonly<Record<string, string | undefined>>;
}

function buildPath({ tag, base, env }: Build): string {
  const query = new URLSearchParams({
    t: tag,
    // the host's network: engines whose containers reach no mirror are common, and nothing is served here
    networkmode: 'host',
    rm: '1',
    forcerm: '1',
    buildargs: JSON.stringify({ BASE: base, ...proxies(env) }),
    labels: JSON.stringify({ healproof: '1' }),
  });
  return `/build?${query.toString()}`;
}

/** Builds and tags. The engine sets the tag only when all steps worked. Throws with the end of the log. */
export async function buildImage(build: Build): Promise<void> {
  const { host, tag, files, logPath, say } = build;
  await mkdir(dirname(logPath), { recursive: true });
  const log = new Log(logPath);
  let all = '';
  let failure: string | undefined;
  const onText = eachLine((line) => {
    const step = stepOf(line);
    if (step !== undefined) say(`${tag.split(':')[0]}: ${step}`);
  });
  const onMessage = eachLine((line) => {
    const { text, error } = parseBuildLine(line);
    failure = error ?? failure;
    all += text;
    log.write(text);
    onText(text);
  });
  try {
    const { status, text } = await askEngine(host, {
      method: 'POST',
      path: buildPath(build),
      stream: packContext(files),
      limitMs: SILENCE_MS,
      onData: onMessage,
    });
    if (status >= 400) failure = `HTTP ${status}: ${text.trim()}`;
    onMessage('\n');
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
    log.write(`${failure}\n`);
  } finally {
    await log.close();
  }
  if (failure === undefined) return rm(logPath, { force: true });
  const tail = all.trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
  throw new Error(
    `building the image ${tag} at ${host}: ${failure}\n${log.where()}\nIts last ${TAIL_LINES} lines:\n${tail}`,
  );
}

/** A log that can't be written, on a disk that is full, costs no build that works. */
class Log {
  readonly #path: string;
  readonly #file: WriteStream;
  #trouble: string | undefined;

  constructor(path: string) {
    this.#path = path;
    this.#file = createWriteStream(path);
    this.#file.on('error', (error) => (this.#trouble ??= error.message));
  }

  write(text: string): void {
    if (this.#trouble === undefined) this.#file.write(text);
  }

  async close(): Promise<void> {
    // Why it failed is kept by then.
    await finished(this.#file.end()).catch(() => undefined);
  }

  where(): string {
    return this.#trouble === undefined
      ? `The whole log: ${this.#path}`
      : `The log could not be kept in ${this.#path}: ${this.#trouble}`;
  }
}
