/** Judges collected bricks file by file, in bounded memory: scan all of them into the spool, then judge one bucket of paths at a time. */
import { realpathSync, statSync } from 'node:fs';
import type { Inspection, Judged } from '../../harness/index.ts';
import { assemble } from './assemble.ts';
import { openCollected, refuseTwice, type Collected } from './folder.ts';
import { eachLine, sameContent } from './lines.ts';
import { Judging } from './judging.ts';
import { scan, type Scanned } from './scan.ts';
import { Spool } from './spool.ts';
import { refuseOtherVolumes } from './strangers.ts';
import { toldBy } from './told.ts';

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
  refuseTheSameAgain(first, later);
  refuseCopies(first);
  const all = [...first, ...later];
  using spool = new Spool(
    all.reduce((sum, c) => sum + bytesOf(c), 0),
    options.bucketBytes,
  );
  const scanned = withoutCommonEnd(all.map((c, from) => scan(c, from, spool)));
  refuseOtherVolumes(scanned);
  const assembled = assemble(scanned.slice(0, first.length), toldBy(all, options.volumeInfo));
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

/** Dumps that all stop after the same path were not cut there: somebody dropped the last line of each. */
function withoutCommonEnd(scanned: readonly Scanned[]): readonly Scanned[] {
  const ends = new Set(scanned.map((s) => s.endsOpenAt));
  if (ends.size !== 1 || ends.has(undefined)) return scanned;
  return scanned.map((one) => {
    const { doubt: _, ...rest } = one;
    return one.remarked ? one : rest;
  });
}

/** A second snapshot that is the first one would prove that nothing moves. */
function refuseTheSameAgain(first: readonly Collected[], later: readonly Collected[]): void {
  for (const now of later) {
    const before = first.find((c) => c.name === now.name);
    if (before === undefined) continue;
    if (realpathSync(before.where) === realpathSync(now.where))
      throw new Error(
        `--later ${now.name}: ${now.where} is the first snapshot too: give the one taken later`,
      );
    const [from, to] = [before.about.atMs, now.about.atMs];
    if (from !== undefined && to !== undefined && to <= from)
      throw new Error(
        `--later ${now.name}: ${now.where} was collected ${((from - to) / 1000).toFixed(0)} s before ${before.where}: swap the two sets`,
      );
  }
}

/** Inodes of two bricks never changed in the same nanosecond, so equal change times mean one brick. */
function refuseCopies(bricks: readonly Collected[]): void {
  for (const [i, one] of bricks.entries())
    for (const other of bricks.slice(i + 1)) {
      const [a, b] = [one.find, other.find];
      if (a !== undefined && b !== undefined && hasChangeTimes(a) && sameContent(a, b))
        throw new Error(
          `${b}:1: the same brick twice: ${other.name} has the very change times of ${one.name} (${a})`,
        );
    }
}

/** The ninth column, with a fraction of a second. */
function hasChangeTimes(find: string): boolean {
  let fine = false;
  eachLine(find, (line) => {
    fine = /^(?:[^\t]*\t){8}\d+\.\d*[1-9]/.test(line);
    return false;
  });
  return fine;
}

const bytesOf = (c: Collected): number =>
  [c.dump, c.find, c.sums].reduce((sum, f) => sum + (f === undefined ? 0 : statSync(f).size), 0);
