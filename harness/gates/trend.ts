/** How the backlog moves from look to look. Pure; the same numbers serve a gate's answer and whoever shows progress. */
import type { Seen } from '../model/facts.ts';
import type { BrickId } from '../model/names.ts';
import type { GateFacts } from './facts.ts';
import { everyBrick, setsOf } from './layout.ts';

export interface Trend {
  /** Most files that any one brick lists, in the newest look: bricks list the same files, so a sum would count them twice. */
  readonly pending: number;
  readonly perBrick: readonly { readonly brick: BrickId; readonly pending: number }[];
  /** Files a second that it has fallen by since the highest look; 0 when it has not. */
  readonly perSecond: number;
  /** Time to zero at that rate; undefined when it does not fall. */
  readonly forecastMs: number | undefined;
  /** Since it was last lower than ever before. */
  readonly standstillMs: number;
  readonly stalled: boolean;
  /** How often it rose again from zero. */
  readonly cameBack: number;
  readonly zeroForMs: number;
}

/** GlusterFS crawls at least every 10 minutes (cluster.heal-timeout), seconds. */
const HEAL_TIMEOUT = 600;

/** Looks from before a node's reboot say nothing about the heal after it. A look that saw not every node does not cut. */
export function sinceLastBoot(looks: readonly GateFacts[]): readonly GateFacts[] {
  const newest = new Map<string, string>();
  for (const one of looks.at(-1)?.nodes ?? [])
    if (one.identity.seen) newest.set(one.node, one.identity.bootId);
  const last = looks.findLastIndex((look) =>
    look.nodes.some((one) => {
      const now = newest.get(one.node);
      return one.identity.seen && now !== undefined && one.identity.bootId !== now;
    }),
  );
  return looks.slice(last + 1);
}

/** Not seen when the newest look missed any brick's index. Older looks that did are left out. */
export function trendOf(looks: readonly GateFacts[]): Seen<Trend> {
  const counts = looks.map((facts) => ({ atMs: facts.atMs, of: pendingOf(facts) }));
  const last = counts.at(-1);
  if (last === undefined) return { seen: false, because: 'nobody has looked yet' };
  if (!last.of.seen) return last.of;
  const seen = counts.flatMap(({ atMs, of }) => (of.seen ? [{ atMs, pending: of.pending }] : []));
  const now = { atMs: last.atMs, pending: last.of.pending };
  const top = seen.reduce((most, one) => (one.pending >= most.pending ? one : most), now);
  const spanMs = now.atMs - top.atMs;
  const perSecond = spanMs > 0 ? ((top.pending - now.pending) * 1000) / spanMs : 0;
  const standstillMs = now.atMs - lastProgress(seen, now);
  const patienceMs = 2 * 1000 * healTimeout(looks);
  return {
    seen: true,
    pending: now.pending,
    perBrick: last.of.perBrick,
    perSecond,
    forecastMs: perSecond > 0 ? (now.pending / perSecond) * 1000 : undefined,
    standstillMs,
    stalled: now.pending > 0 && standstillMs >= patienceMs,
    cameBack: seen.filter((one, index) => index > 0 && one.pending > 0 && seen[index - 1]?.pending === 0)
      .length,
    zeroForMs: zeroFor(seen, now.atMs),
  };
}

interface Count {
  readonly atMs: number;
  readonly pending: number;
}

/** When it was last below all looks before it. */
function lastProgress(seen: readonly Count[], now: Count): number {
  let least = Number.POSITIVE_INFINITY;
  let at = now.atMs;
  for (const one of seen) {
    if (one.pending < least) at = one.atMs;
    least = Math.min(least, one.pending);
  }
  return at;
}

function zeroFor(seen: readonly Count[], nowMs: number): number {
  const busy = seen.findLastIndex((one) => one.pending > 0);
  const first = seen[busy + 1];
  return first === undefined ? 0 : nowMs - first.atMs;
}

function healTimeout(looks: readonly GateFacts[]): number {
  const [info] = (looks.at(-1)?.nodes ?? []).flatMap((one) => (one.info.seen ? [one.info] : []));
  const said = Number(info?.options['cluster.heal-timeout'] ?? HEAL_TIMEOUT);
  return said > 0 ? said : HEAL_TIMEOUT;
}

function pendingOf(
  facts: GateFacts,
): Seen<{ readonly pending: number; readonly perBrick: Trend['perBrick'] }> {
  const layout = setsOf(facts);
  if (!layout.seen) return layout;
  const perBrick: { brick: BrickId; pending: number }[] = [];
  for (const brick of everyBrick(layout.sets)) {
    const found = facts.bricks.find((one) => one.brick === brick);
    if (found === undefined) return { seen: false, because: `brick ${brick} was not read by anybody` };
    if (!found.seen) return { seen: false, because: `brick ${brick} was not read: ${found.because}` };
    if (!found.index.seen) {
      return { seen: false, because: `the index of brick ${brick} was not read: ${found.index.because}` };
    }
    perBrick.push({ brick, pending: found.index.xattrop + found.index.entryChanges });
  }
  return { seen: true, pending: Math.max(0, ...perBrick.map((one) => one.pending)), perBrick };
}
