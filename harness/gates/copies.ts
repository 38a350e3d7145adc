/** Files that were read from every brick, put side by side. */
import type { BrickFacts, FileOnBrick, Seen } from '../model/facts.ts';
import type { Copies } from './blame.ts';
import { blameOf } from './blame.ts';
import type { Blame } from './blame.ts';
import { never, unseen } from './decision.ts';
import type { Decision } from './decision.ts';
import type { GateFacts, ReplicaSet } from './facts.ts';
import { setsOf } from './layout.ts';

/** Of what the indexes name so many files are audited; beyond that the backlog itself is the answer. */
export const MOST_INDEXED = 200;

export interface Audited {
  readonly set: ReplicaSet;
  readonly copies: Copies;
  readonly blame: Blame;
}

/** Every audited file of every replica set with its blame, and an `unknown` for each brick or attribute that could not be read. */
export function auditedFiles(facts: GateFacts): {
  readonly files: readonly Audited[];
  readonly unseen: readonly Decision[];
} {
  const layout = setsOf(facts);
  if (!layout.seen) return { files: [], unseen: [unseen(layout.because)] };
  if (!facts.audited.seen) return { files: [], unseen: [unseen(facts.audited.because)] };
  const missing: Decision[] = [];
  const files: Audited[] = [];
  for (const set of layout.sets) {
    const bricks = brickFactsOf(facts, set);
    for (const one of bricks) if (!one.facts.seen) missing.push(unseen(one.facts.because));
    for (const copies of sideBySide(set, bricks)) {
      const blame = blameOf(copies, set);
      if (blame.seen) files.push({ set, copies, blame: blame.blame });
      else missing.push(unseen(blame.because));
    }
  }
  return { files, unseen: missing };
}

type BrickOf = {
  readonly one: ReplicaSet['bricks'][number];
  readonly facts: Seen<{ readonly of: Extract<BrickFacts, { readonly seen: true }> }>;
};

/** Facts of each brick of a set; a brick without facts says why. */
export function brickFactsOf(facts: GateFacts, set: ReplicaSet): readonly BrickOf[] {
  return set.bricks.map((one) => {
    const found = facts.bricks.find((candidate) => candidate.brick === one.brick);
    if (found === undefined) {
      return { one, facts: { seen: false, because: `brick ${one.brick} was not read by anybody` } };
    }
    if (!found.seen) {
      return { one, facts: { seen: false, because: `brick ${one.brick} was not read: ${found.because}` } };
    }
    return { one, facts: { seen: true, of: found } };
  });
}

function sideBySide(set: ReplicaSet, bricks: readonly BrickOf[]): readonly Copies[] {
  if (bricks.some((one) => !one.facts.seen)) return [];
  const held = bricks.map(
    (one) =>
      new Map<string, FileOnBrick>(one.facts.seen ? one.facts.of.files.map((file) => [file.path, file]) : []),
  );
  const paths = new Set(held.flatMap((files) => [...files.keys()]));
  return [...paths].map((path) => ({
    path,
    on: set.bricks.map((brick, index) => ({
      brick: brick.brick,
      arbiter: brick.arbiter,
      file: held[index]?.get(path),
    })),
  }));
}

/**
 * The folders above the images are always there, and say nothing of the images: where every brick was read and none was found, nothing
 * was audited.
 */
export const withoutImages = ({ audited, bricks }: GateFacts): readonly Decision[] =>
  audited.seen && audited.images.length === 0 && bricks.length > 0 && bricks.every((one) => one.seen)
    ? [
        never(
          `no VM image matches ${audited.patterns.join(' ')}: say where they lie (--images), or waive this`,
        ),
      ]
    : [];

/** A few of many, with how many more there are. */
export function some(items: readonly string[], most = 3): string {
  const rest = items.length - most;
  return rest > 0 ? `${items.slice(0, most).join(', ')} and ${rest} more` : items.join(', ');
}
