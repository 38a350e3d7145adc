/** A sharded image as one thing: its base file (block 0) and its shards. One unreadable base file makes the whole image unreadable. */
import { shardOf, type ImageShape } from './changelog.ts';
import type { ReadResult, Reads } from './reads.ts';
import {
  FILE_STATES,
  stateRank,
  worseState,
  type FileState,
  type FileVerdict,
  type IfDown,
} from './state.ts';

export interface ImageVerdict {
  /** Path of the base file; `<gfid:…>` when no brick showed it. */
  readonly path: string;
  readonly gfid: string;
  /** As its base file tells it; left out when that was not seen. Blocks without a file are holes. */
  readonly shape?: ImageShape;
  readonly state: FileState;
  /** Files seen, the base file among them, and how many of them are in which state. */
  readonly files: number;
  readonly states: Readonly<Partial<Record<FileState, number>>>;
  readonly reads: Reads;
  readonly ifDown: Readonly<
    Record<string, { readonly reads: ReadResult; readonly writes: IfDown['writes']['result'] }>
  >;
  /** By brick: in how many files choosing it loses writes, or may. */
  readonly ifSource: Readonly<Record<string, { readonly losesIn: number; readonly unknownIn: number }>>;
  /** Files that are not clean, the base file first; at most `LISTED`. */
  readonly affected: readonly string[];
  readonly because: string;
}

const LISTED = 1000;
const READS: readonly ReadResult[] = ['newest', 'absent', 'unknown', 'may-be-old', 'old', 'ENOTCONN', 'EIO'];
const readRank = (r: ReadResult): number => READS.indexOf(r);
const WRITES: readonly IfDown['writes']['result'][] = ['ok', 'unknown', 'ENOTCONN', 'EIO'];

interface Tally {
  path: string | undefined;
  shape: ImageShape | undefined;
  baseReads: Reads | undefined;
  worst: FileState;
  because: string;
  files: number;
  states: Partial<Record<FileState, number>>;
  reads: Reads;
  ifDown: Record<string, { reads: ReadResult; writes: IfDown['writes']['result'] }>;
  ifSource: Record<string, { losesIn: number; unknownIn: number }>;
  affected: string[];
}

/** Bricks allocate ahead, so what is allocated is only a hint; twice of what all files together can hold is more than a hint. */
const lacksShards = (shape: ImageShape | undefined, files: number): boolean =>
  shape !== undefined && shape.blockBytes > 0 && shape.allocatedBytes > 2 * files * shape.blockBytes;

/** Gathers verdicts in any order. Memory grows with the number of sharded images and their files in trouble, not with files. */
export class Images {
  readonly #tallies = new Map<string, Tally>();
  readonly #isBase: (gfid: string) => boolean;

  /** `isBase`: whether shards of this gfid exist; keeps plain files out. */
  constructor(isBase: (gfid: string) => boolean) {
    this.#isBase = isBase;
  }

  /** `shape`: of a base file. */
  add(verdict: FileVerdict, shape?: ImageShape): void {
    const shard = shardOf(verdict.path);
    const gfid = shard?.base ?? verdict.gfid;
    const part = shard !== undefined || lacksShards(shape, 1);
    if (gfid === undefined || (!part && !this.#isBase(gfid))) return;
    const tally = this.#tallies.get(gfid) ?? emptyTally(verdict);
    this.#tallies.set(gfid, tally);
    if (shard === undefined) tally.shape = shape;
    count(tally, verdict, shard === undefined);
  }

  /** Worst first, then by path. */
  verdicts(): ImageVerdict[] {
    return [...this.#tallies]
      .map(([gfid, tally]) => finish(gfid, tally))
      .sort((a, b) => stateRank(b.state) - stateRank(a.state) || (a.path < b.path ? -1 : 1));
  }
}

const emptyTally = (first: FileVerdict): Tally => ({
  path: undefined,
  shape: undefined,
  baseReads: undefined,
  worst: 'clean',
  because: '',
  files: 0,
  states: {},
  reads: first.reads,
  ifDown: {},
  ifSource: {},
  affected: [],
});

function count(tally: Tally, verdict: FileVerdict, base: boolean): void {
  tally.files += 1;
  tally.states[verdict.state] = (tally.states[verdict.state] ?? 0) + 1;
  if (base) [tally.path, tally.baseReads] = [verdict.path, verdict.reads];
  if (verdict.state !== 'clean') {
    if (base) tally.affected.unshift(verdict.path);
    else if (tally.affected.length < LISTED) tally.affected.push(verdict.path);
  }
  if (tally.because === '' || stateRank(verdict.state) > stateRank(tally.worst))
    tally.because = verdict.because;
  if (stateRank(verdict.state) > stateRank(tally.worst)) tally.worst = verdict.state;
  if (readRank(verdict.reads.result) > readRank(tally.reads.result)) tally.reads = verdict.reads;
  for (const [brick, answer] of Object.entries(verdict.ifDown)) {
    const so = tally.ifDown[brick];
    const reads =
      so !== undefined && readRank(so.reads) > readRank(answer.reads.result) ? so.reads : answer.reads.result;
    const worse = so !== undefined && WRITES.indexOf(so.writes) > WRITES.indexOf(answer.writes.result);
    tally.ifDown[brick] = { reads, writes: worse ? so.writes : answer.writes.result };
  }
  for (const [brick, answer] of Object.entries(verdict.ifSource)) {
    const so = (tally.ifSource[brick] ??= { losesIn: 0, unknownIn: 0 });
    if (answer.loses === 'writes') so.losesIn += 1;
    if (answer.loses === 'unknown') so.unknownIn += 1;
  }
}

function finish(gfid: string, tally: Tally): ImageVerdict {
  const base = tally.baseReads;
  const whole = base !== undefined && (base.result === 'EIO' || base.result === 'ENOTCONN');
  const orphan = tally.path === undefined;
  const parts = FILE_STATES.filter((s) => (tally.states[s] ?? 0) > 0).map((s) => `${tally.states[s]} ${s}`);
  const lacks = lacksShards(tally.shape, tally.files);
  const hidden = orphan || lacks;
  const partly = tally.reads.result === 'newest' || whole ? '' : ' on the affected blocks';
  return {
    path: tally.path ?? `<gfid:${gfid}>`,
    gfid,
    ...(tally.shape === undefined ? {} : { shape: tally.shape }),
    state: hidden ? worseState(tally.worst, 'undecidable') : tally.worst,
    files: tally.files,
    states: tally.states,
    reads: whole
      ? { ...base, because: `the base file can't be opened, so nothing of the image can: ${base.because}` }
      : { ...tally.reads, because: `${tally.reads.because}${partly}` },
    ifDown: tally.ifDown,
    ifSource: tally.ifSource,
    affected: tally.affected,
    because: orphan
      ? `shards without a base file on any brick (${parts.join(', ')})`
      : `${parts.join(', ')}: ${lacks ? notAllSeen(tally) : tally.because}`,
  };
}

const MIB = 1 << 20;
function notAllSeen({ shape, files }: Tally): string {
  const allocated = ((shape?.allocatedBytes ?? 0) / MIB).toFixed(1);
  const most = (((shape?.blockBytes ?? 0) * files) / MIB).toFixed(1);
  return `its base file says that ${allocated} MiB are allocated, and the ${files} files that were seen hold ${most} MiB at most: shards of it were not seen on any brick`;
}
