/**
 * Who accuses whom, for one file. The rules are those of `afr_selfheal_find_direction` (afr-self-heal-common.c); this file only asks
 * whether a copy is a source, which is all that a gate needs.
 */
import type { FileOnBrick, Seen } from '../model/facts.ts';
import type { BrickId } from '../model/names.ts';
import { changelog, DIRTY, isPending, TRANSACTIONS } from '../afr/changelog.ts';
import type { Changelog, Transaction } from '../afr/changelog.ts';
import type { ReplicaSet } from './facts.ts';

/** One file as all bricks of its replica set hold it. */
export interface Copies {
  readonly path: string;
  /** In the set's order; undefined where the brick has no such file. */
  readonly on: readonly {
    readonly brick: BrickId;
    readonly arbiter: boolean;
    readonly file: FileOnBrick | undefined;
  }[];
}

export interface Accusation {
  readonly by: BrickId;
  readonly of: BrickId;
  readonly kind: Transaction;
  readonly count: number;
}

/** What the bricks' attributes say about one file. */
export interface Blame {
  readonly accusations: readonly Accusation[];
  /** Dirty counters, in the set's order; undefined where there is no file. */
  readonly dirty: readonly (Changelog | undefined)[];
}

/** Not seen when an attribute does not have the shape of a change log; the reason names it. */
export function blameOf(copies: Copies, set: ReplicaSet): Seen<{ readonly blame: Blame }> {
  const accusations: Accusation[] = [];
  const dirty: (Changelog | undefined)[] = [];
  for (const { brick, file } of copies.on) {
    try {
      dirty.push(file === undefined ? undefined : changelog(file.xattrs[DIRTY], DIRTY));
      if (file !== undefined) accusations.push(...accusationsIn(file, brick, set));
    } catch (error) {
      return { seen: false, because: `${copies.path} on ${brick}: ${String(error)}` };
    }
  }
  return { seen: true, blame: { accusations, dirty } };
}

function accusationsIn(file: FileOnBrick, by: BrickId, set: ReplicaSet): readonly Accusation[] {
  return set.bricks.flatMap((other) => {
    const log = changelog(file.xattrs[other.accusedAs], other.accusedAs);
    return TRANSACTIONS.filter((kind) => log[kind] > 0).map((kind) => ({
      by,
      of: other.brick,
      kind,
      count: log[kind],
    }));
  });
}

/**
 * Bricks whose copy nobody accuses, of the bricks that have the file. A brick that accuses itself is an old-style sink whose word
 * against others does not count. Held against one brick for one kind of change is enough to need heal.
 */
export function sourcesOf(copies: Copies, blame: Blame): ReadonlySet<BrickId> {
  const fools = new Set(
    blame.accusations.filter((one) => one.by === one.of).map((one) => `${one.by} ${one.kind}`),
  );
  const accused = new Set(
    blame.accusations
      .filter((one) => one.by === one.of || !fools.has(`${one.by} ${one.kind}`))
      .map((one) => one.of),
  );
  return new Set(
    copies.on.filter((copy) => copy.file !== undefined && !accused.has(copy.brick)).map((copy) => copy.brick),
  );
}

/** Dirty on every data brick that has the file: what a live writer looks like. */
export function dirtyEverywhere(copies: Copies, blame: Blame): boolean {
  return copies.on.every(
    (copy, index) => copy.arbiter || copy.file === undefined || isDirty(blame.dirty[index]),
  );
}

export const isDirty = (own: Changelog | undefined): boolean => own !== undefined && isPending(own);
