/** The backlog of each brick as it was counted over time, and what the counts before and after a moment prove about it. */
import type { History } from '../model/event.ts';
import type { BrickId } from '../model/names.ts';
import { Samples } from './samples.ts';

/** State of a sample when the index could not be read. */
export const UNSEEN = -1;

export interface Counts {
  /** Entries that wait for a heal: xattrop and entry-changes. */
  readonly pending: Samples;
  readonly dirty: Samples;
}

export function backlogs(history: History): ReadonlyMap<BrickId, Counts> {
  const bricks = new Map<BrickId, Counts>();
  for (const event of history) {
    if (event.kind !== 'backlog') continue;
    let counts = bricks.get(event.brick);
    if (counts === undefined)
      bricks.set(event.brick, (counts = { pending: new Samples(), dirty: new Samples() }));
    const { counts: seen, atMs, seq } = event;
    counts.pending.push(atMs, seen.seen ? seen.xattrop + seen.entryChanges : UNSEEN, seq);
    counts.dirty.push(atMs, seen.seen ? seen.dirty : UNSEEN, seq);
  }
  return bricks;
}

export type Pending =
  | { readonly kind: 'pending'; readonly count: number; readonly seqs: readonly [number, ...number[]] }
  | { readonly kind: 'nothing'; readonly seq: number }
  | { readonly kind: 'not known'; readonly because: string };

/**
 * Whether entries were pending on a brick at a moment. A count proves the moment it was taken. Pending before and after
 * proves pending in between; pending before and nothing after proves neither, since the heal may have ended just in time.
 */
export function pendingAt(
  pending: Samples | undefined,
  atMs: number,
  { sinceMs, ageMs }: { readonly sinceMs: number; readonly ageMs: number },
): Pending {
  const before = pending?.before(atMs);
  if (before === undefined) return { kind: 'not known', because: 'nobody had counted its backlog' };
  if (atMs - before.atMs > ageMs)
    return {
      kind: 'not known',
      because: `its backlog was last counted ${((atMs - before.atMs) / 1000).toFixed(1)} s before`,
    };
  if (before.state === UNSEEN) return { kind: 'not known', because: 'its backlog could not be read' };
  if (before.state === 0)
    return before.atMs >= sinceMs
      ? { kind: 'nothing', seq: before.seq }
      : { kind: 'not known', because: 'its backlog was not counted after the last node came back' };
  const after = pending?.after(atMs);
  if (after === undefined || after.atMs - atMs > ageMs || after.state === UNSEEN)
    return { kind: 'pending', count: before.state, seqs: [before.seq] };
  return after.state > 0
    ? { kind: 'pending', count: before.state, seqs: [before.seq, after.seq] }
    : { kind: 'not known', because: `${before.state} entries just before and none just after` };
}
