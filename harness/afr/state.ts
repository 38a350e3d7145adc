/** The words for the state of one file, and which of two is worse. */
import type { FileType } from './copy.ts';
import type { Gfid } from '../model/names.ts';
import type { Reads, Writes } from './reads.ts';

export type FileState =
  | 'clean'
  | 'healing'
  | 'undecidable'
  | 'persistent-dirty'
  | 'sole-good-copy'
  | 'cyclic-blame'
  | 'silent-divergence'
  | 'split-brain';

/** From harmless to worst. `undecidable` is worse than `healing` because it may hide any of those after it. */
export const FILE_STATES: readonly FileState[] = [
  'clean',
  'healing',
  'undecidable',
  'persistent-dirty',
  'sole-good-copy',
  'cyclic-blame',
  'silent-divergence',
  'split-brain',
];
const RANK = new Map(FILE_STATES.map((state, rank) => [state, rank]));
export const stateRank = (state: FileState): number => RANK.get(state) ?? 0;
export const worseState = (a: FileState, b: FileState): FileState => (stateRank(b) > stateRank(a) ? b : a);

/** The worst of many. Looking at nothing is undecidable. */
export const worstState = (states: Iterable<FileState>): FileState =>
  [...states].reduce<FileState | undefined>(
    (worst, s) => (worst === undefined ? s : worseState(worst, s)),
    undefined,
  ) ?? 'undecidable';

export type ConflictKind = 'data' | 'metadata' | 'entry' | 'gfid' | 'type';

/** One accusation: `by` saw operations succeed on itself and fail on `on`. The counters are not numbers of writes. */
export interface Blame {
  readonly by: string;
  readonly on: string;
  readonly data: number;
  readonly metadata: number;
  readonly entry: number;
}

/** What happens to this file if one brick's node goes down now, with all others up. */
export interface IfDown {
  readonly reads: Reads;
  readonly writes: Writes;
  readonly quorum: 'kept' | 'lost';
}

/** What is lost if one brick is chosen as the source of the heal. */
export interface IfSource {
  readonly possible: boolean;
  /** `nothing` only when it was seen that nothing is lost. */
  readonly loses: 'nothing' | 'writes' | 'unknown';
  readonly what: string;
}

/** Which evidence a verdict rests on, beside the attributes. */
export type Evidence =
  | 'attributes'
  | 'stat'
  | 'sha256'
  | 'mtime'
  | 'second snapshot'
  | 'ledger'
  | 'parent directory';

/** How the note about a file begins that nobody will find who only looks into the indices. */
export const NO_INDEX = 'accused, but no index names it';

export interface FileVerdict {
  readonly path: string;
  readonly gfid?: Gfid;
  readonly type?: FileType;
  readonly state: FileState;
  readonly kinds: readonly ConflictKind[];
  /** Names of bricks, as in the replica set. */
  readonly sources: readonly string[];
  readonly sinks: readonly string[];
  readonly blame: readonly Blame[];
  readonly dirty: readonly string[];
  readonly reads: Reads;
  readonly because: string;
  /** What GlusterFS will do about it without a person. */
  readonly heals: string;
  readonly evidence: readonly Evidence[];
  readonly notes: readonly string[];
  readonly ifDown: Readonly<Record<string, IfDown>>;
  readonly ifSource: Readonly<Record<string, IfSource>>;
}
