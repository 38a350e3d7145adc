/** Which acknowledged writes a router's disk no longer holds. Pure, linear in the number of events. */
import type { DiskScan, EventOf, History, Range, RouterName } from '../harness/index.ts';
import { phaseBegan } from './outages.ts';

/** The journal in a guest has this many slots; an older record is overwritten in good order and not lost. */
const SLOTS = 65_536;

/**
 * Acknowledged records of all routers that are gone; undefined when it can't be known: nothing was acknowledged though the routers
 * were to write, or no disk was read to the end.
 *
 * A record is lost when (a) it was rolled back: the same router later acknowledged the same or a lower number anew, as after a restore
 * from a backup; or (b) the last snapshot's disk does not hold it. In (b) a disk counts as a mount reads it, the mount that lacks most
 * if there are several; where no mount can read it, as the brick has it that lacks least: what the best possible choice of a source loses.
 */
export function lostWritesOf(history: History): number | undefined {
  const observe = phaseBegan(history, 'observe');
  const inPhases = history.some(({ kind }) => kind === 'phase');
  const last = history.findLast(
    (event): event is EventOf<'observed'> => event.kind === 'observed' && event.snapshot.disks.length > 0,
  );
  const acknowledged = Map.groupBy(
    history.filter((event) => event.kind === 'write-acknowledged'),
    ({ router }) => router,
  );
  if (acknowledged.size === 0 && writesNothing(history)) return 0;
  // A look at the disks in the middle of an outage says nothing about what is lost in the end.
  if (inPhases && (observe === undefined || (last?.seq ?? -1) < observe.seq)) return undefined;
  if (last === undefined || acknowledged.size === 0) return undefined;
  let lost = 0;
  for (const [router, writes] of acknowledged) {
    const { standing, rolledBack } = ledgerOf(writes);
    const missing = missingOnDisk(last, router, standing);
    if (missing === undefined) return undefined;
    lost += rolledBack + missing;
  }
  return lost;
}

const writesNothing = (history: History): boolean =>
  history
    .find((event) => event.kind === 'run-began')
    ?.spec.routers.every(({ writeEveryMs }) => writeEveryMs === 0) ?? false;

/** Record numbers that were acknowledged and not taken back by a later life of the same router. */
function ledgerOf(writes: readonly EventOf<'write-acknowledged'>[]): {
  standing: readonly number[];
  rolledBack: number;
} {
  const stack: EventOf<'write-acknowledged'>[] = [];
  const late = new Set<number>();
  let rolledBack = 0;
  for (const write of writes) {
    const top = stack.at(-1);
    if (top === undefined || write.record > top.record) {
      stack.push(write);
    } else if (write.guestMs <= top.guestMs) {
      late.add(write.record); // its line arrived late or twice, the router did not go back
    } else {
      while ((stack.at(-1)?.record ?? -1) >= write.record) {
        stack.pop();
        rolledBack += 1;
      }
      stack.push(write);
    }
  }
  for (const { record } of stack) late.add(record);
  return { standing: [...late], rolledBack };
}

function missingOnDisk(
  { snapshot }: EventOf<'observed'>,
  router: RouterName,
  standing: readonly number[],
): number | undefined {
  const newest = standing.reduce((a, b) => Math.max(a, b), 0);
  const due = standing.filter((record) => record > newest - SLOTS);
  const disks = snapshot.disks.filter((disk) => disk.router === router);
  const missing = (scans: readonly DiskScan[]): number[] =>
    scans.flatMap((scan) => (scan.seen && scan.error === undefined ? [countMissing(due, scan.ranges)] : []));
  const mounts = missing(disks.flatMap(({ via, scan }) => ('mount' in via ? [scan] : [])));
  if (mounts.length > 0) return Math.max(...mounts);
  const bricks = missing(disks.flatMap(({ via, scan }) => ('brick' in via ? [scan] : [])));
  return bricks.length > 0 ? Math.min(...bricks) : undefined;
}

function countMissing(records: readonly number[], ranges: readonly Range[]): number {
  const sorted = records.toSorted((a, b) => a - b);
  let at = 0;
  let missing = 0;
  for (const record of sorted) {
    while (at < ranges.length && (ranges[at] as Range)[1] < record) at += 1;
    const range = ranges[at];
    if (range === undefined || record < range[0]) missing += 1;
  }
  return missing;
}
