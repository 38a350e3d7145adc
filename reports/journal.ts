/** The history on disk: one event per line, written before anybody goes on, read back with the truth about how it ended. */
import { closeSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import type { Event, EventBody, Journal } from '../harness/index.ts';
import { asEvent } from './event-shape.ts';

/** A journal that is a file. `close` (or `using`) forces it to the device and is idempotent. */
export interface JournalFile extends Journal, Disposable {
  readonly path: string;
  /** How many events were recorded so far. */
  readonly length: number;
  close(): void;
}

export interface JournalOptions {
  /** Host epoch, milliseconds, of the moment that is `atMs` 0. Must equal `epochMs` of the run's `run-began`. */
  readonly beganMs: number;
  /** Host epoch, milliseconds. */
  readonly now?: () => number;
  /** Called with each event after it is on disk: progress display, watchers. */
  readonly onEvent?: (event: Event) => void;
}

/**
 * Opens a new journal; refuses a file that exists, since a history is written once.
 * An event is handed to the kernel before `record` returns, so a killed process loses nothing; `close` also syncs the device.
 * After a failed write (disk full) every further `record` fails too: a history with a hole is worse than a short one.
 */
export function openJournal(path: string, options: JournalOptions): JournalFile {
  const now = options.now ?? Date.now;
  const file = openSync(path, 'ax');
  let length = 0;
  let state: 'open' | 'closed' | Error = 'open';

  const record = (body: EventBody, epochMs = now()): Event => {
    if (state !== 'open') throw cannotRecord(path, body, state);
    if (body.kind === 'run-began' && body.epochMs !== options.beganMs) {
      throw new Error(
        `bug: run-began says epochMs ${body.epochMs}, the journal counts from ${options.beganMs}`,
      );
    }
    const event = { seq: length, atMs: Math.round(epochMs - options.beganMs), ...body } as Event;
    try {
      writeWhole(file, Buffer.from(`${JSON.stringify(event)}\n`));
    } catch (error) {
      state = error as Error;
      throw cannotRecord(path, body, state);
    }
    length += 1;
    options.onEvent?.(event);
    return event;
  };
  const close = (): void => {
    if (state === 'closed') return;
    state = 'closed';
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  };
  return {
    path,
    get length() {
      return length;
    },
    record,
    close,
    [Symbol.dispose]: close,
  };
}

function writeWhole(file: number, bytes: Buffer): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(file, bytes, written);
}

function cannotRecord(path: string, body: EventBody, why: 'closed' | Error): Error {
  const because = why === 'closed' ? 'the journal is closed already' : `writing it failed: ${why.message}`;
  return new Error(`can't record "${body.kind}" in ${path}: ${because}`);
}

/** A history file as it was found. `cutOff` is set when the last line is not whole, as after a crash or a kill. */
export interface ReadHistory {
  readonly history: readonly Event[];
  readonly cutOff?: string;
}

/** A line of a history that cannot be believed, so that nothing after it can. */
export class BadHistory extends Error {
  override readonly name = 'BadHistory';
}

/**
 * Reads a history. A last line that is cut off is left out and reported; any other bad line, a gap or a double in `seq`
 * throws `BadHistory` with file and line number (lines count from 1). About a second and a half per million events.
 */
export function readJournal(path: string): ReadHistory {
  const history: Event[] = [];
  let cutOff: string | undefined;
  for (const { text, whole } of linesOf(path)) {
    const line = history.length + 1;
    const parsed = parseLine(text);
    const event = parsed.ok ? asEvent(parsed.value, history.length) : parsed.because;
    if (typeof event !== 'string') {
      history.push(event);
    } else if (!whole && !parsed.ok) {
      cutOff = `${path}:${line}: the last line is cut off after ${text.length} characters; the run was ended in mid-write`;
    } else {
      throw new BadHistory(`${path}:${line}: the line ${event}. The history can't be judged beyond it.`);
    }
  }
  return cutOff === undefined ? { history } : { history, cutOff };
}

type Parsed =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly because: string };

function parseLine(text: string): Parsed {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    const start = text.length > 60 ? `${text.slice(0, 60)}…` : text;
    return { ok: false, because: `is no JSON (${(error as Error).message}): ${JSON.stringify(start)}` };
  }
}

/** Lines without their newline; `whole` is false for a last line that has none. Never holds more than a chunk and a line. */
function* linesOf(path: string): Generator<{ text: string; whole: boolean }> {
  const file = openSync(path, 'r');
  try {
    const chunk = Buffer.allocUnsafe(1 << 20);
    const decoder = new StringDecoder('utf8');
    let rest = '';
    for (;;) {
      const got = readSync(file, chunk, 0, chunk.length, null);
      if (got === 0) break;
      const lines = (rest + decoder.write(chunk.subarray(0, got))).split('\n');
      rest = lines.pop() ?? '';
      for (const text of lines) yield { text, whole: true };
    }
    rest += decoder.end();
    if (rest !== '') yield { text: rest, whole: false };
  } finally {
    closeSync(file);
  }
}
