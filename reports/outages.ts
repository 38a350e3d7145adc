/** When somebody outside could not be served: intervals, never a percentage. Pure. */
import type { EventOf, History, Prober } from '../harness/index.ts';

/** Milliseconds since the run began. */
export interface Interval {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Outage extends Interval {
  readonly by: Prober;
  /** Nobody saw it end: the looking stopped before. */
  readonly unended: boolean;
  /** Numbers of the failed probes, first and last. */
  readonly evidence: readonly [first: number, last: number];
}

/** Gaps up to this long are a probe that was lost, or a VRRP failover in good order, and no outage. */
export const OUTAGE_LONGER_THAN_MS = 2_000;

/** Where a phase began; undefined when the run never came to it. */
export const phaseBegan = (
  history: History,
  phase: EventOf<'phase'>['phase'],
): EventOf<'phase'> | undefined =>
  history.find((event): event is EventOf<'phase'> => event.kind === 'phase' && event.phase === phase);

/** From the begin of `disturb` to the begin of `observe` or `close`, or to the last event where the run ended before; the part of the run in which the site is judged from outside. */
export function playOf(history: History): Interval {
  const begin = (phase: EventOf<'phase'>['phase']): number | undefined => phaseBegan(history, phase)?.atMs;
  const fromMs = begin('disturb') ?? 0;
  const last = history.reduce((latest, { atMs }) => Math.max(latest, atMs), fromMs);
  const toMs = begin('observe') ?? begin('close') ?? begin('over') ?? last;
  return { fromMs, toMs: Math.max(fromMs, toMs) };
}

/**
 * Outages as `by` saw them during the play, in order of time. An outage lasts from the last good probe to the next good one, of the
 * same target, has at least one failed probe in it and is longer than `longerThanMs`. Where no good probe came before, it begins with
 * the play; where none comes after, it ends with the last probe and is `unended`. Several targets: the customer and the poller are cut
 * off while any of them fails; the operator only while all fail, since one node that is being rebooted cuts nobody off from the site.
 */
export function outagesOf(
  history: History,
  by: Prober,
  longerThanMs = OUTAGE_LONGER_THAN_MS,
): readonly Outage[] {
  const play = playOf(history);
  const probes = history
    .filter((event): event is EventOf<'probe'> => event.kind === 'probe' && event.by === by)
    .filter(({ atMs }) => atMs <= play.toMs)
    .sort((a, b) => a.atMs - b.atMs);
  const targets = Map.groupBy(probes, ({ target }) => target);
  const each = [...targets.values()].map((ofOne) => outagesOfOneTarget(ofOne, by, play));
  const together = by === 'operator' ? common(each) : union(each.flat());
  return together.filter(({ fromMs, toMs }) => toMs - fromMs > longerThanMs);
}

function outagesOfOneTarget(probes: readonly EventOf<'probe'>[], by: Prober, play: Interval): Outage[] {
  const found: Outage[] = [];
  let lastGood = play.fromMs;
  let failed: EventOf<'probe'>[] = [];
  const close = (toMs: number, unended: boolean): void => {
    const [first, last] = [failed[0], failed.at(-1)];
    if (first && last) found.push({ by, fromMs: lastGood, toMs, unended, evidence: [first.seq, last.seq] });
    failed = [];
  };
  for (const probe of probes) {
    if (!probe.ok) {
      if (probe.atMs >= play.fromMs) failed.push(probe);
      continue;
    }
    close(probe.atMs, false);
    lastGood = Math.max(probe.atMs, play.fromMs);
  }
  close(Math.max(lastGood, probes.at(-1)?.atMs ?? lastGood), true);
  return found;
}

/** What is in every one of the lists. Each list is in order and without overlaps. */
function common(lists: readonly (readonly Outage[])[]): readonly Outage[] {
  const [first = [], ...others] = lists;
  return others.reduce<readonly Outage[]>(
    (left, right) => left.flatMap((a) => right.flatMap((b) => overlap(a, b) ?? [])),
    first,
  );
}

function overlap(a: Outage, b: Outage): Outage | undefined {
  const begins = a.fromMs >= b.fromMs ? a : b;
  const ends = a.toMs <= b.toMs ? a : b;
  if (ends.toMs <= begins.fromMs) return undefined;
  const unended = a.unended && b.unended;
  const evidence = [begins.evidence[0], Math.max(begins.evidence[0], ends.evidence[1])] as const;
  return { by: a.by, fromMs: begins.fromMs, toMs: ends.toMs, unended, evidence };
}

function union(outages: readonly Outage[]): Outage[] {
  const merged: Outage[] = [];
  for (const outage of outages.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const before = merged.at(-1);
    if (before === undefined || outage.fromMs > before.toMs) {
      merged.push(outage);
      continue;
    }
    const later = outage.toMs >= before.toMs ? outage : before;
    merged[merged.length - 1] = {
      ...before,
      toMs: later.toMs,
      unended: later.unended,
      evidence: [before.evidence[0], Math.max(before.evidence[1], outage.evidence[1])],
    };
  }
  return merged;
}
