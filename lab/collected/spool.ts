/**
 * Brings together what is known of one path from files that list paths in different orders, in bounded memory: notes are
 * thrown into buckets by a hash of the path, and one bucket at a time is read back. Small inputs never touch the disk.
 */
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashOf } from './sketch.ts';

/** One line about one path, from one file of one collected brick. */
export interface Note {
  readonly path: string;
  /** Which collected brick, counted over all snapshots. */
  readonly from: number;
  readonly kind: 'dump' | 'stat' | 'sum';
  readonly line: number;
  readonly fields: readonly string[];
}

/** Input that one bucket may hold, unless told otherwise; decoding takes about five times that in memory. */
const BUCKET_BYTES = 4_000_000;
const BUCKETS_MAX = 1024;
const FLUSH_CHARS = 64_000;
const KINDS: Readonly<Record<string, Note['kind']>> = { d: 'dump', s: 'stat', h: 'sum' };

export class Spool {
  readonly #buckets: { lines: string[]; chars: number; file?: number }[];
  readonly #folder: string | undefined;

  constructor(inputBytes: number, bucketBytes = BUCKET_BYTES) {
    const wanted = Math.min(BUCKETS_MAX, Math.ceil(inputBytes / bucketBytes));
    this.#folder = wanted > 1 ? mkdtempSync(join(tmpdir(), 'healproof-inspect-')) : undefined;
    this.#buckets = Array.from({ length: Math.max(1, wanted) }, () => ({ lines: [], chars: 0 }));
  }

  get buckets(): number {
    return this.#buckets.length;
  }

  add(note: Note): void {
    const line = `${note.kind === 'sum' ? 'h' : note.kind[0]}${note.from}\u001f${note.line}\u001f${sealed(note.path)}\u001f${note.fields.join('\u001e')}`;
    const index = this.#buckets.length === 1 ? 0 : hashOf(note.path) % this.#buckets.length;
    const bucket = this.#buckets[index];
    if (bucket === undefined) return;
    bucket.lines.push(line);
    bucket.chars += line.length;
    if (this.#folder !== undefined && bucket.chars > FLUSH_CHARS) this.#flush(index);
  }

  #flush(index: number): void {
    const bucket = this.#buckets[index];
    if (bucket === undefined || this.#folder === undefined || bucket.lines.length === 0) return;
    bucket.file ??= openSync(join(this.#folder, String(index)), 'w+');
    writeSync(bucket.file, `${bucket.lines.join('\n')}\n`);
    [bucket.lines, bucket.chars] = [[], 0];
  }

  /** All notes of one bucket by path. Forgets the bucket. */
  take(index: number): Map<string, Note[]> {
    this.#flush(index);
    const bucket = this.#buckets[index];
    const lines =
      bucket?.file === undefined || this.#folder === undefined
        ? (bucket?.lines ?? [])
        : readFileSync(join(this.#folder, String(index)), 'utf8').split('\n');
    const byPath = new Map<string, Note[]>();
    for (const line of lines) {
      if (line === '') continue;
      const [head = '', number = '0', path = '', fields = ''] = line.split('\u001f');
      const key = unsealed(path);
      const note: Note = {
        path: key,
        from: Number(head.slice(1)),
        kind: KINDS[head[0] ?? ''] ?? 'dump',
        line: Number(number),
        fields: fields === '' ? [] : fields.split('\u001e'),
      };
      const notes = byPath.get(key);
      if (notes === undefined) byPath.set(key, [note]);
      else notes.push(note);
    }
    if (bucket !== undefined) bucket.lines = [];
    return byPath;
  }

  [Symbol.dispose](): void {
    for (const bucket of this.#buckets) if (bucket.file !== undefined) closeSync(bucket.file);
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  }
}

// A path may hold any byte but NUL and slash-separated names; line feeds and our separators are written as escapes.
const SEPARATORS = ['\n', '\u001e', '\u001f'];
const sealed = (path: string): string =>
  path.includes('\\') || SEPARATORS.some((c) => path.includes(c)) || !path.isWellFormed()
    ? `\\${JSON.stringify(path)}`
    : path;
const unsealed = (text: string): string =>
  text.startsWith('\\') ? (JSON.parse(text.slice(1)) as string) : text;
