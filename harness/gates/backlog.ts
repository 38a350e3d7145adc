/** How much is left to heal, how fast it falls, and whether anybody still works on it. Pure, over looks. */
import type { GateFacts } from './facts.ts';
import type { Answer } from './gate.ts';
import type { BrickId } from '../model/names.ts';

export interface Backlog {
  /** Host epoch, milliseconds. */
  readonly atMs: number;
  readonly bricks: readonly {
    readonly brick: BrickId;
    /** Files and names that the brick's index lists; a sentence when it was not read. */
    readonly pending: number | { readonly because: string };
  }[];
  /** Of the brick that lists most: the same file stands on every good brick, so a sum would count it twice. Undefined when one was not read. */
  readonly most: number | undefined;
}

export function backlogOf({ atMs, bricks }: GateFacts): Backlog {
  const found = bricks.map((one): Backlog['bricks'][number] => {
    if (!one.seen) return { brick: one.brick, pending: { because: one.because } };
    const { index, brick } = one;
    return { brick, pending: index.seen ? index.xattrop + index.entryChanges : { because: index.because } };
  });
  return { atMs, bricks: found, most: mostOf(found) };
}

/** `Backlog.most`. */
export function mostOf(bricks: Backlog['bricks']): number | undefined {
  const counts = bricks.map(({ pending }) => (typeof pending === 'number' ? pending : Number.NaN));
  const most = counts.length === 0 ? Number.NaN : Math.max(...counts);
  return Number.isNaN(most) ? undefined : most;
}

/** An index lists something, and the gate minds (D1): until it is empty no look can open the gate, whatever else it would see. */
export const shutByIndex = ({ rulings }: Answer, { most }: Backlog): boolean =>
  most !== undefined &&
  most > 0 &&
  rulings.some(
    ({ code, waived, decision }) => code === 'D1' && waived === undefined && decision.kind === 'held',
  );

/** As long as that, the rest of what a look has seen is believed, milliseconds. */
export const LOOK_AGAIN_MS = 20_000;

/** The next question may be a glance: the last look's answer is shut by an index, and it ended not long ago. */
export const glanceSuffices = (
  answer: Answer,
  backlog: Backlog,
  { atMs, tookMs }: GateFacts,
  nowMs: number,
): boolean => shutByIndex(answer, backlog) && nowMs - (atMs + tookMs) < LOOK_AGAIN_MS;

export interface Trend {
  /** Entries per second by which the backlog falls; negative when it grows. */
  readonly perSecond: number;
  /** Seconds until it is empty at that rate; undefined when it does not fall. */
  readonly emptyIn: number | undefined;
}

/** A rate over less is noise. */
const SHORTEST_MS = 1000;
/** What was longer ago says little about now. */
const RECENT_MS = 60_000;

/** Over the last minute; undefined when there is too little to tell. */
export function trendOf(backlogs: readonly Backlog[]): Trend | undefined {
  const last = backlogs.at(-1);
  if (last?.most === undefined) return undefined;
  const recent = backlogs.filter(
    (one): one is Backlog & { most: number } => one.most !== undefined && last.atMs - one.atMs <= RECENT_MS,
  );
  // A node that comes back brings its backlog with it: the rate is that since the last jump.
  const [first] = recent.slice(lastRise(recent));
  if (first === undefined || last.atMs - first.atMs < SHORTEST_MS) return undefined;
  const perSecond = ((first.most - last.most) * 1000) / (last.atMs - first.atMs);
  return { perSecond, emptyIn: perSecond > 0 ? last.most / perSecond : undefined };
}

/** A backlog that rises by more than this has a new cause; less is files being written while others heal. */
const rises = (from: number, to: number): boolean => to - from > 10 + from / 10;

function lastRise(backlogs: readonly { readonly most: number }[]): number {
  return Math.max(
    0,
    backlogs.findLastIndex(
      (one, index) => index > 0 && rises(backlogs[index - 1]?.most ?? one.most, one.most),
    ),
  );
}

/**
 * For how long nothing has healed, milliseconds: since the oldest look after which no other was lower. Looks in which a brick was not
 * read neither end the time nor begin it anew. 0 when there is nothing to heal.
 */
export function stalledFor(backlogs: readonly Backlog[]): number {
  const known = backlogs.filter((one): one is Backlog & { most: number } => one.most !== undefined);
  const last = known.at(-1);
  if (last === undefined || last.most === 0) return 0;
  const since = known.slice(lastRise(known));
  let lowest = Number.POSITIVE_INFINITY;
  let at = last.atMs;
  for (const one of since) {
    if (one.most >= lowest) continue;
    lowest = one.most;
    at = one.atMs;
  }
  return last.atMs - at;
}
