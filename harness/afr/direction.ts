/**
 * Who may heal whom: AFR's own decision, step by step.
 * Source: xlators/cluster/afr/src/afr-self-heal-common.c, `afr_selfheal_find_direction` and the functions named below (v11.1; v10.5 is the same).
 */
import type { Transaction } from './changelog.ts';
import { accusation, dirtyOf, type Reply } from './copy.ts';
import { countOf } from './replica-set.ts';

export interface Direction {
  readonly sources: readonly boolean[];
  readonly sinks: readonly boolean[];
  /** How many operations each brick saw that may be unfinished; breaks ties. */
  readonly witness: readonly number[];
  /** How many bricks (that don't accuse themselves) accuse each brick. */
  readonly accused: readonly number[];
  /** Somebody accuses somebody. */
  readonly pending: boolean;
  readonly splitBrain: boolean;
}

/** `afr_selfheal_find_direction` returns -ENOTCONN when a brick is missing: nothing may be decided. */
export type DirectionAnswer = Direction | 'not-all-answered';

export type Matrix = readonly (readonly number[])[];

/** Row accuses column (`afr_selfheal_fill_matrix`). */
export const matrixOf = (of: Transaction, replies: readonly Reply[]): number[][] =>
  replies.map((_, by) => replies.map((__, on) => accusation(replies, by, on, of)));

/** Decides from replies; every brick must have answered with a copy. */
export function findDirection(of: Transaction, replies: readonly Reply[], quorum: number): DirectionAnswer {
  if (replies.some((r) => r.kind !== 'copy')) return 'not-all-answered';
  return directionOf(
    of,
    matrixOf(of, replies),
    replies.map((r) => dirtyOf(r, of)),
    quorum,
  );
}

/** The same on a bare matrix: `matrix[i][j]` is what brick i holds against brick j. `quorum` is `quorumCount`, 0 for none. */
export function directionOf(
  of: Transaction,
  matrix: Matrix,
  dirty: readonly number[],
  quorum: number,
): Direction {
  const bricks = matrix.map((_, i) => i);
  const holds = (by: number, on: number): number => matrix[by]?.[on] ?? 0;
  const selfAccused = bricks.map((i) => holds(i, i) !== 0);
  // Who accuses itself can't accuse others ("FOOL"): afr-v1 marked itself before the others.
  const accused = bricks.map((j) => countOf(bricks.map((i) => holds(i, j) !== 0 && selfAccused[i] !== true)));
  const pendingOnOthers = bricks.map((i) => bricks.some((j) => j !== i && holds(i, j) !== 0));

  const unaccused = accused.map((n) => n === 0);
  const sinks = bricks.map((j) =>
    bricks.some((i) => unaccused[i] === true && selfAccused[i] !== true && holds(i, j) !== 0),
  );
  const sources = withQuorumAccounting(of, unaccused, accused, quorum);
  const splitBrain = countOf(sources) === 0;
  return {
    sources,
    sinks: splitBrain ? bricks.map(() => true) : sinks,
    witness: bricks.map((i) => witnessOf(i, matrix, selfAccused, pendingOnOthers) + (dirty[i] ?? 0)),
    accused,
    pending: matrix.some((row) => row.some((n) => n !== 0)),
    splitBrain,
  };
}

/**
 * `afr_selfheal_post_op_failure_accounting` (data and metadata only): when all are accused, those accused by fewer than
 * quorum count as sources, since a quorum of bricks cannot have failed in an acknowledged write.
 */
function withQuorumAccounting(
  of: Transaction,
  unaccused: readonly boolean[],
  accused: readonly number[],
  quorum: number,
): readonly boolean[] {
  if (of === 'entry' || countOf(unaccused) !== 0) return unaccused;
  return accused.map((n) => n < quorum);
}

/** Operations witnessed by a brick that accuses itself; afr-v1 only, but ported for volumes that old. */
function witnessOf(
  i: number,
  matrix: Matrix,
  selfAccused: readonly boolean[],
  pendingOnOthers: readonly boolean[],
): number {
  if (selfAccused[i] !== true) return 0;
  const row = matrix[i] ?? [];
  const own = row[i] ?? 0;
  const others = row.reduce((sum, n, j) => (j === i ? sum : sum + n), 0);
  const nobodyPending = countOf(pendingOnOthers) === 0;
  return others + (nobodyPending || pendingOnOthers[i] === true ? own : 0);
}
