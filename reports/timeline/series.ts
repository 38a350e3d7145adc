/** From events to numbers over time: backlog and write rates. Pure. */
import type { BrickId, EventOf, History, RouterName } from '../../harness/index.ts';
import type { Interval } from '../outages.ts';

export interface BacklogPoint {
  readonly atMs: number;
  /** Undefined where the brick could not be read. */
  readonly pending: number | undefined;
  readonly dirty: number | undefined;
}

/** What the bricks' indices held: `pending` from `indices/xattrop` (accusations to heal), `dirty` from `indices/dirty` (in flight, or unsettled). */
export function backlogOf(history: History): ReadonlyMap<BrickId, readonly BacklogPoint[]> {
  const events = history.filter((event): event is EventOf<'backlog'> => event.kind === 'backlog');
  const byBrick = Map.groupBy(
    events.toSorted((a, b) => a.atMs - b.atMs),
    ({ brick }) => brick,
  );
  return new Map(
    [...byBrick].map(([brick, seen]) => [
      brick,
      seen.map(({ atMs, counts }) => ({
        atMs,
        pending: counts.seen ? counts.xattrop : undefined,
        dirty: counts.seen ? counts.dirty : undefined,
      })),
    ]),
  );
}

export interface RateBin extends Interval {
  readonly perSecond: number;
}

/** Acknowledged writes per second of one router, in bins of `binMs` over the whole window; what is left of it at the end belongs to the last whole bin, since a moment has no rate. */
export function writeRate(
  history: History,
  router: RouterName,
  { fromMs, toMs }: Interval,
  binMs: number,
): readonly RateBin[] {
  const counts = Array.from({ length: Math.max(1, Math.floor((toMs - fromMs) / binMs)) }, () => 0);
  const last = counts.length - 1;
  for (const event of history) {
    if (event.kind !== 'write-acknowledged' || event.router !== router) continue;
    if (event.atMs < fromMs || event.atMs > toMs) continue;
    const bin = Math.min(last, Math.floor((event.atMs - fromMs) / binMs));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts.map((count, i) => {
    const from = fromMs + i * binMs;
    const to = i === last ? Math.max(toMs, from + 1) : from + binMs;
    return { fromMs: from, toMs: to, perSecond: (count * 1000) / (to - from) };
  });
}
