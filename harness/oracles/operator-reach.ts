/** The operator could reach the nodes. When both routers are gone, so is the way in: that is what made the night long. */
import type { EventOf, History } from '../model/event.ts';
import type { NodeName } from '../model/names.ts';
import type { Verdict } from '../model/verdict.ts';
import { Case, evidence } from './conclude.ts';
import { frameOf } from './frame.ts';
import type { Span } from './frame.ts';
import type { Oracle } from './oracle.ts';
import { FAILED, OK, watch } from './outages.ts';
import { probeStreams } from './probes.ts';
import { isReboot, nodeStates } from './reboots.ts';
import { Samples } from './samples.ts';
import { between, list, many, moment, seconds } from './say.ts';
import { andPeople, sufferedIn } from './suffered.ts';

export interface ReachLimits {
  /** Longest time without any node in reach: the time of a failover. */
  readonly longestSeconds: number;
  readonly sightSeconds?: number;
}

export function operatorReach({ longestSeconds, sightSeconds = 3 }: ReachLimits): Oracle {
  return {
    name: 'operator-reach',
    aspect: 'availability',
    means: `The operator reaches at least one node at any time, but for ${longestSeconds} s (what people took in it counts), and no command is cut off on a node that is up`,
    evidence:
      'each time without a way in: first and last failed probe, first good one; each command that was cut off',
    check: (history) => check(history, { longestSeconds, sightSeconds }),
  };
}

function check(history: History, { longestSeconds, sightSeconds }: Required<ReachLimits>): Verdict {
  const frame = frameOf(history);
  const found = new Case();
  const limitMs = longestSeconds * 1000;
  const window = frame.served ?? { fromMs: 0, toMs: 0 };
  const { samples, targets } = anyNode(history);
  const seen = watch(samples, window, { limitMs, sightMs: sightSeconds * 1000 });
  if (targets.length === 0) found.doubt('the operator never probed a node');
  for (const span of seen.unwatched)
    found.doubt(`nobody looked for a way in ${between(span.fromMs, span.toMs)}`);
  for (const outage of seen.outages.map(sufferedIn(history))) {
    if (outage.atLeastMs + outage.peopleMs > limitMs)
      found.find({
        what:
          `the operator had no way to any node (${list(targets)}) from ${seconds(outage.fromMs)} ` +
          (outage.overMs === undefined ? 'to the end' : `to ${seconds(outage.overMs)}`) +
          andPeople(outage),
        evidence: evidence(...outage.seqs),
        atMs: outage.fromMs,
        untilMs: outage.overMs ?? outage.toMs,
      });
    else if (outage.atMostMs > limitMs)
      found.doubt(
        Number.isFinite(outage.atMostMs)
          ? `the operator was cut off at ${seconds(outage.fromMs)} for ${seconds(outage.atMostMs)} at most; ` +
              'the probes are too far apart to tell whether it was too long'
          : `the operator was cut off at ${seconds(outage.fromMs)} and had no way in when the watching ended`,
      );
  }
  cutOff(history, window, found);
  return found.conclude(frame, {
    broken: () => `the operator was cut off: ${found.summary()}`,
    holds: () =>
      `a way to the nodes was always open (${many(seen.outages.length, 'interruption')} within the limit)`,
    looked: seen.looked,
  });
}

/**
 * A node that reboots is out of reach by intent, so only the loss of all nodes is a loss of reach. All probes in one
 * stream: the way is open as long as probes of some node are answered. A failed probe counts only when no node answered
 * at about the same time, so a stream of failures needs every node failing.
 */
function anyNode(history: History): { readonly samples: Samples; readonly targets: readonly string[] } {
  const streams = probeStreams(history, ['operator']);
  const merged = new Samples();
  for (const { samples } of streams) samples.each((atMs, state, seq) => merged.push(atMs, state, seq));
  const samples = new Samples();
  const answered = new Samples();
  merged.each((atMs, state, seq) => {
    if (state === OK) answered.push(atMs, state, seq);
  });
  merged.each((atMs, state, seq) => {
    if (state === FAILED && isNear(answered, atMs)) return;
    samples.push(atMs, state, seq);
  });
  return { samples, targets: streams.map(({ target }) => target) };
}

/** Probes of the nodes are sent side by side, one round every half second: within a round, one answer is enough. */
const ROUND_MS = 600;

function isNear(answered: Samples, atMs: number): boolean {
  const before = answered.before(atMs);
  const after = answered.after(atMs);
  return (
    (before !== undefined && atMs - before.atMs <= ROUND_MS) ||
    (after !== undefined && after.atMs - atMs <= ROUND_MS)
  );
}

/** A command that broke off on a node that was up: the operator does not know what it did. */
function cutOff(history: History, window: Span, found: Case): void {
  const states = nodeStates(history);
  const open = new Map<number, EventOf<'step-began'>>();
  for (const event of history) {
    if (event.kind === 'step-began') open.set(event.seq, event);
    if (event.kind !== 'step-ended') continue;
    const step = open.get(event.of);
    open.delete(event.of);
    if (step?.node === undefined || event.outcome.kind !== 'cut-off') continue;
    if (isReboot(step.command) || event.atMs < window.fromMs || event.atMs > window.toMs) continue;
    if (wasAway(states.get(step.node), step.atMs, event.atMs)) continue;
    found.find({
      what: `"${step.step}" on ${step.node} was cut off ${moment(event.atMs)}: ${event.outcome.because}`,
      evidence: evidence(step.seq, event.seq),
      node: step.node,
      atMs: event.atMs,
    });
  }
}

type States = ReturnType<typeof nodeStates> extends ReadonlyMap<NodeName, infer S> ? S : never;

function wasAway(states: States | undefined, fromMs: number, toMs: number): boolean {
  if (states === undefined) return false;
  let away = states.before(fromMs)?.state ?? 0;
  states.each((atMs, state) => {
    if (atMs > fromMs && atMs <= toMs) away = Math.max(away, state);
  });
  return away > 0;
}
