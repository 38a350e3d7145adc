/**
 * The point of no return of a run: the moment from which data or service was bound to be lost, because the last copy of the volume
 * that had every write went away while the others were still to be healed. And who had been told before it. Pure.
 */
import type { Event, EventOf, History } from '../model/event.ts';
import { nodeOfBrick } from '../model/names.ts';
import type { BrickId } from '../model/names.ts';
import { bricksOf } from '../model/site.ts';
import type { SiteSpec } from '../model/site.ts';
import { frameOf } from './frame.ts';
import { watch } from './outages.ts';
import type { Outage } from './outages.ts';
import { probeStreams } from './probes.ts';
import { splitBrainFilesIn } from './splits.ts';
import { StaleBricks } from './stale-bricks.ts';
import { sufferedIn } from './suffered.ts';
import { firstDeliveries, instanceOf, pages } from '../alerting/detection.ts';

export interface Told {
  readonly alert: string;
  readonly pages: boolean;
  readonly receiver: string;
  /** Delivery to the point of no return; negative: that much too late. */
  readonly secondsBefore: number;
  readonly seq: number;
}

export interface NoReturn {
  readonly atMs: number;
  readonly seq: number;
  readonly because: string;
  /** What was lost after it. */
  readonly lost: { readonly what: string; readonly atMs: number; readonly seq: number };
  /** Alerts that had been delivered and still fired, earliest first. */
  readonly before: readonly Told[];
  /** The first page after it. */
  readonly after: Told | undefined;
}

/** An interruption up to this long is a failover. */
const FAILOVER_MS = 8000;

/** Undefined: nothing was lost, or it was lost for another reason, or the history does not say what the site is. */
export function noReturnOf(history: History): NoReturn | undefined {
  const { spec, disturb } = frameOf(history);
  if (spec === undefined || disturb === undefined) return undefined;
  for (const { event, because } of lastGoodCopiesGone(history, spec, disturb)) {
    const lost = lossAfter(history, spec, event.atMs);
    if (lost === undefined) continue;
    return {
      atMs: event.atMs,
      seq: event.seq,
      because,
      lost,
      ...toldAround(history, disturb.fromMs, event.atMs),
    };
  }
  return undefined;
}

type Gone = { readonly event: Event; readonly because: string };

/** Moments in which the last brick that had every write went away. */
function lastGoodCopiesGone(
  history: History,
  spec: SiteSpec,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): readonly Gone[] {
  const bricks = bricksOf(spec)
    .filter(({ arbiter }) => !arbiter)
    .map(({ brick }) => brick);
  const copies = new StaleBricks(bricks);
  const found: Gone[] = [];
  for (const event of history) {
    const leaving = copies.leavingIn(event);
    const within = event.atMs >= fromMs && event.atMs <= toMs;
    if (leaving !== undefined && within && copies.isLastGood(leaving))
      found.push({ event, because: becauseOf(event, leaving, copies) });
    copies.see(event);
  }
  return found;
}

function becauseOf(event: Event, brick: BrickId, copies: StaleBricks): string {
  const how =
    event.kind === 'node' ? `${event.node} was powered off` : `the brick on ${nodeOfBrick(brick)} went away`;
  const behind = copies.stale.map(nodeOfBrick).join(' and ');
  const pending = copies.pendingOn(brick);
  const heals = pending === undefined || pending === 0 ? '' : ` (${pending} heals pending)`;
  return `${how} while ${behind} had not been healed${heals}: no copy with every write was left`;
}

function lossAfter(history: History, spec: SiteSpec, atMs: number): NoReturn['lost'] | undefined {
  const losses = [outageAfter(history, atMs), splitAfter(history, spec, atMs)].filter(
    (loss) => loss !== undefined,
  );
  return losses.sort((a, b) => a.atMs - b.atMs)[0];
}

function outageAfter(history: History, atMs: number): NoReturn['lost'] | undefined {
  const { served } = frameOf(history);
  if (served === undefined) return undefined;
  const outages = probeStreams(history, ['customer']).flatMap(
    ({ samples }) => watch(samples, served, { limitMs: FAILOVER_MS, sightMs: 2000 }).outages,
  );
  // Of one that was not over when the watching ended only what was watched counts.
  const lasted = ({ fromMs, atMostMs }: Outage): number =>
    Number.isFinite(atMostMs) ? atMostMs : served.toMs - fromMs;
  const first = outages
    .map(sufferedIn(history))
    .find((one) => one.fromMs >= atMs && lasted(one) + one.peopleMs > FAILOVER_MS);
  return first && { what: 'customers were cut off', atMs: first.fromMs, seq: first.seqs[0] };
}

function splitAfter(history: History, spec: SiteSpec, atMs: number): NoReturn['lost'] | undefined {
  for (const event of history) {
    if (event.kind !== 'observed' || event.atMs < atMs) continue;
    const files = splitBrainFilesIn(event.snapshot, spec) ?? 0;
    if (files > 0) return { what: `${files} files were in split-brain`, atMs: event.atMs, seq: event.seq };
  }
  return undefined;
}

function toldAround(
  history: History,
  fromMs: number,
  atMs: number,
): { readonly before: readonly Told[]; readonly after: Told | undefined } {
  const open = new Map<string, EventOf<'alert'>>();
  const first = new Set(firstDeliveries(history));
  let after: EventOf<'alert'> | undefined;
  for (const event of history) {
    if (event.kind !== 'alert' || event.atMs < fromMs || event.labels['severity'] === 'heartbeat') continue;
    if (event.atMs > atMs) {
      if (first.has(event) && pages(event)) after ??= event;
      continue;
    }
    const key = `${event.receiver} ${instanceOf(event)}`;
    if (event.state === 'resolved') open.delete(key);
    else if (!open.has(key)) open.set(key, event);
  }
  const told = (alert: EventOf<'alert'>): Told => ({
    alert: alert.name,
    pages: pages(alert),
    receiver: alert.receiver,
    secondsBefore: (atMs - alert.atMs) / 1000,
    seq: alert.seq,
  });
  return {
    before: [...open.values()].sort((a, b) => a.atMs - b.atMs).map(told),
    after: after && told(after),
  };
}

/** Whether somebody was told in time, and by how many seconds, in one sentence. */
export function saidOf({ before, after, because }: NoReturn): string {
  const [first] = before;
  const late =
    after === undefined
      ? 'and nobody was paged after it'
      : `the first page came ${(-after.secondsBefore).toFixed(1)} s too late (${after.alert})`;
  return first === undefined
    ? `${because}. Nobody was told before it; ${late}`
    : `${because}. ${first.alert} had reached ${first.receiver} ${first.secondsBefore.toFixed(1)} s before it`;
}
