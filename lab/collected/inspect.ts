/** Judges collected bricks file by file, in bounded memory: scan all of them into the spool, then judge one bucket of paths at a time. */
import { readFileSync, statSync } from 'node:fs';
import { parseVolumeInfo, type Inspection, type Judged } from '../../harness/index.ts';
import { assemble } from './assemble.ts';
import { openCollected, refuseTwice, type Collected } from './folder.ts';
import { Judging } from './judging.ts';
import { scan } from './scan.ts';
import { Spool } from './spool.ts';

export interface Given {
  readonly name: string;
  readonly where: string;
}
export interface InspectCollected {
  readonly bricks: readonly Given[];
  /** The same bricks, collected again later. */
  readonly later?: readonly Given[];
  /** A file with the output of `gluster volume info`. */
  readonly volumeInfo?: string;
  /** How much input is decoded at once; less takes less memory. */
  readonly bucketBytes?: number;
}

/** Calls `each` for every file, by path within a bucket. Throws on dumps that can't be trusted, naming file and line. */
export function inspectCollected(options: InspectCollected, each: (judged: Judged) => void): Inspection {
  const first = options.bricks.map((b) => openCollected(b.name, b.where));
  const later = (options.later ?? []).map((b) => openCollected(b.name, b.where));
  refuseTwice(first);
  refuseTwice(later);
  refuseStrangers(first, later);
  const all = [...first, ...later];
  using spool = new Spool(
    all.reduce((sum, c) => sum + bytesOf(c), 0),
    options.bucketBytes,
  );
  const scanned = all.map((c, from) => scan(c, from, spool));
  const volumes =
    options.volumeInfo === undefined
      ? undefined
      : parseVolumeInfo(readFileSync(options.volumeInfo, 'utf8'), options.volumeInfo);
  const volfile = all.find((c) => c.volfile !== undefined)?.volfile;
  const assembled = assemble(
    scanned.slice(0, first.length),
    volumes,
    volfile === undefined ? undefined : readFileSync(volfile, 'utf8'),
  );
  return new Judging(assembled, scanned, first.length).run(spool, each);
}

function refuseStrangers(first: readonly Collected[], later: readonly Collected[]): void {
  const names = new Set(first.map((c) => c.name));
  const stranger = later.find((c) => !names.has(c.name));
  if (stranger !== undefined)
    throw new Error(
      `--later names ${stranger.name}, which is not among ${[...names].join(', ')}: use the same names for both snapshots`,
    );
}

const bytesOf = (c: Collected): number =>
  [c.dump, c.find, c.sums].reduce((sum, f) => sum + (f === undefined ? 0 : statSync(f).size), 0);
