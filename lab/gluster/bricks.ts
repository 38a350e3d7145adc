/** Facts of every brick of a layout out of what the nodes read of their own bricks. */
import type { BrickFacts, BrickId, FileOnBrick, NodeName, ReplicaSet, Seen } from '../../harness/index.ts';
import type { IndexNames } from './parse-bricks.ts';

export interface BrickReading {
  readonly brick: BrickId;
  readonly index: Seen<IndexNames>;
  readonly files: Seen<{ readonly list: readonly FileOnBrick[] }>;
}

/** A brick that nobody read is not seen; the reason names the nodes that did not answer. */
export function brickFacts(
  sets: readonly ReplicaSet[],
  readings: readonly BrickReading[],
  atMs: number,
  away: readonly NodeName[],
): readonly BrickFacts[] {
  return sets.flatMap((set) =>
    set.bricks.map(({ brick, arbiter, accusedAs }): BrickFacts => {
      const known = { brick, arbiter, accusedAs };
      const found = readings.find((one) => one.brick === brick);
      if (found === undefined) {
        const because =
          away.length > 0
            ? `no node that answered holds it; ${away.join(', ')} did not answer`
            : 'no node says that it holds it';
        return { ...known, seen: false, because };
      }
      if (!found.files.seen) return { ...known, ...found.files };
      return { ...known, seen: true, atMs, files: found.files.list, ...indexFacts(found.index) };
    }),
  );
}

type Read = Extract<BrickFacts, { readonly seen: true }>;

function indexFacts(names: Seen<IndexNames>): Pick<Read, 'index' | 'indexGfids'> {
  if (!names.seen) return { index: names, indexGfids: { xattrop: [], dirty: [], entryChanges: [] } };
  const { xattrop, dirty, entryChanges } = names;
  return {
    index: { seen: true, xattrop: xattrop.length, dirty: dirty.length, entryChanges: entryChanges.length },
    indexGfids: { xattrop, dirty, entryChanges },
  };
}
