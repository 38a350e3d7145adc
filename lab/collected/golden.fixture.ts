/** States captured from a real GlusterFS (harness/afr/golden), what it then really did, and what inspect says of them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Inspection, Judged, ReadResult } from '../../harness/index.ts';
import { inspectCollected, type Given } from './inspect.ts';

const GOLDEN = join(import.meta.dirname, '../../harness/afr/golden');

interface Read {
  readonly result: string;
  readonly sha256?: string;
}
/** By path on the bricks: which acknowledged records, as ranges of their numbers. */
export interface Fate {
  readonly lost: Readonly<Record<string, string>>;
  readonly unreadable: Readonly<Record<string, string>>;
}
/** Every acknowledged record was looked for: through a mount of its own, and on the disk of every brick with data. */
interface Found {
  readonly mount: Fate;
  readonly bricks: Readonly<Record<string, Fate>>;
}
export interface Happened {
  readonly state: string;
  readonly away: readonly string[];
  readonly reads: Readonly<Record<string, Read>>;
  readonly acknowledged: Found & { readonly records: number };
  readonly healInfo: { readonly info: string; readonly splitBrain: string };
  readonly afterHeal: {
    readonly reads: Readonly<Record<string, Read>>;
    readonly winners: Readonly<Record<string, string>>;
    readonly acknowledged: Found;
  };
}

export const versions = (): readonly string[] => readdirSync(GOLDEN);
export const captured = (version: string): readonly string[] => readdirSync(join(GOLDEN, version)).sort();

export const happenedIn = (version: string, state: string): Happened =>
  JSON.parse(readFileSync(join(GOLDEN, version, state, 'happened.json'), 'utf8')) as Happened;

/** One choice that inspect offers, as it was carried out. */
interface Tried {
  readonly source: string;
  /** `[on BRICK] ` before those that are for one node. */
  readonly commands: readonly string[];
  /** What inspect called the whole after it. */
  readonly after: string;
  /** Bricks that ended with exactly what the chosen one held of the files that were decided. */
  readonly asChosen: readonly string[];
}
export function triedChoices(version: string, state: string): readonly Tried[] {
  const file = join(GOLDEN, version, state, 'choices.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as readonly Tried[]) : [];
}

const given = (folder: string): Given[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .sort()
        .map((name) => ({ name, where: join(folder, name) }))
    : [];

export interface Inspected extends Inspection {
  readonly files: readonly Judged[];
}
/** With both snapshots where two were taken. */
export function inspectCaptured(version: string, state: string, looks: 'all' | 'once' = 'all'): Inspected {
  const folder = join(GOLDEN, version, state);
  const files: Judged[] = [];
  const later = given(join(folder, 'later'));
  const inspection = inspectCollected(
    {
      bricks: given(join(folder, 'bricks')),
      volumeInfo: join(folder, 'volume-info.txt'),
      ...(looks === 'all' && later.length > 0 ? { later } : {}),
    },
    (judged) => files.push(judged),
  );
  return { ...inspection, files };
}

/** What the verdict says about reading one file as an application does: of an image, the whole of it. */
export function readsOf(inspected: Inspected, path: string): ReadResult | 'no verdict' {
  const image = inspected.images.find((i) => i.path === path);
  return (
    image?.reads.result ??
    inspected.files.find((f) => f.verdict.path === path)?.verdict.reads.result ??
    'no verdict'
  );
}

export const SUCCEEDS: readonly string[] = ['newest', 'may-be-old', 'old'];
