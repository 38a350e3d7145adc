/** Bricks are read one after the other while the volume lives: what changed meanwhile, or between two snapshots, must not be taken for a conflict. */
import type { FileInput } from './aspect.ts';
import { isPending } from './changelog.ts';
import { copyOf, type Copy, type Reply } from './copy.ts';

/** A copy changed this long before the first brick was read may still have been in flight (post-op-delay is one second). */
const IN_FLIGHT_MS = 2000;

/** Whether somebody wrote to the file while its copies were read: then they may differ without any conflict. */
export function changedWhileRead({ replies, seenAtMs }: Pick<FileInput, 'replies' | 'seenAtMs'>): boolean {
  const copies = replies.flatMap((r) => copyOf(r) ?? []);
  if (copies.some((c) => isPending(c.dirty))) return true;
  const times = (seenAtMs ?? []).filter((t) => t !== undefined);
  const first = Math.min(...times);
  return (
    times.length > 0 && copies.some((c) => Math.max(c.mtimeMs ?? 0, c.ctimeMs ?? 0) >= first - IN_FLIGHT_MS)
  );
}

/** Whether all is as it was in the earlier snapshot: the same bricks hold the name, and no copy moved. */
export function sameAsBefore({ replies, earlier }: Pick<FileInput, 'replies' | 'earlier'>): boolean {
  return replies.every((r, i) => {
    const before = earlier?.[i];
    return before?.kind === r.kind && (r.kind !== 'copy' || moved(before, r) !== true);
  });
}

/** Whether a copy changed between two snapshots; undefined when neither times, sizes nor sums tell. */
export function moved(before: Reply | undefined, after: Reply | undefined): boolean | undefined {
  if (before === undefined || after === undefined || before.kind === 'unseen' || after.kind === 'unseen')
    return undefined;
  if (before.kind !== after.kind) return true;
  const [a, b] = [copyOf(before), copyOf(after)];
  if (a === undefined || b === undefined) return false;
  const pairs: [unknown, unknown][] = [
    [a.mtimeMs, b.mtimeMs],
    [a.ctimeMs, b.ctimeMs],
    [a.size, b.size],
    [a.sha256, b.sha256],
  ];
  const known = pairs.filter(([x, y]) => x !== undefined && y !== undefined);
  if (known.some(([x, y]) => x !== y) || attributesMoved(a, b)) return true;
  return known.length === 0 ? undefined : false;
}

/** A sharded image's base file shows its writers in the size that it keeps of the whole, not in its own mtime. */
function attributesMoved(a: Copy, b: Copy): boolean {
  const names = new Set([...Object.keys(a.xattrs), ...Object.keys(b.xattrs)]);
  return [...names].some((n) => !n.startsWith('trusted.afr.') && a.xattrs[n] !== b.xattrs[n]);
}

export interface Settled {
  readonly sure: boolean;
  readonly why: string;
}

/** Whether a difference that no attribute explains is one, or may be the trace of a writer. */
export function settledDifference(input: FileInput): Settled {
  if (input.earlier !== undefined) {
    const same = sameAsBefore(input);
    return {
      sure: same,
      why: same ? 'the same in both snapshots' : 'but it changed between the snapshots: take a third',
    };
  }
  const racing = changedWhileRead(input);
  return {
    sure: !racing,
    why: racing ? 'but it was written while the bricks were read: take a second snapshot (--later)' : '',
  };
}
