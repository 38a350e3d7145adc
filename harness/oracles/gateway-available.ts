/** Who is outside can reach what is inside: judged by interruptions, not by a percentage. */
import type { History, Prober } from '../model/event.ts';
import type { Verdict } from '../model/verdict.ts';
import { Case, evidence } from './conclude.ts';
import { frameOf } from './frame.ts';
import type { Oracle } from './oracle.ts';
import { watch } from './outages.ts';
import { probeStreams } from './probes.ts';
import type { ProbeStream } from './probes.ts';
import { between, many, seconds } from './say.ts';
import { andPeople, sufferedIn } from './suffered.ts';
import type { Suffered } from './suffered.ts';

export interface GatewayLimits {
  /** Longest interruption that counts as a failover between the routers. */
  readonly longestSeconds: number;
  /** Each of them must have looked, all the time. */
  readonly probers?: readonly Prober[];
  /** Failed probes further apart than this prove no outage between them. */
  readonly sightSeconds?: number;
}

const WHO: Readonly<Record<Prober, string>> = {
  customer: 'customer',
  operator: 'operator',
  offsite: 'offsite poller',
};

export function gatewayAvailable({
  longestSeconds,
  probers = ['customer', 'offsite'],
  sightSeconds = 2,
}: GatewayLimits): Oracle {
  return {
    name: 'gateway-available',
    aspect: 'availability',
    means: `Customer and offsite poller reach the site through the gateway; no interruption lasts longer than ${longestSeconds} s, the time of a failover; what people took in it counts`,
    evidence:
      'each longer interruption: who saw it, from when to when; first and last failed probe, first good one',
    check: (history) => check(history, { longestSeconds, probers, sightSeconds }),
  };
}

function check(
  history: History,
  { longestSeconds, probers, sightSeconds }: Required<GatewayLimits>,
): Verdict {
  const frame = frameOf(history);
  const suffered = sufferedIn(history);
  const found = new Case();
  const limitMs = longestSeconds * 1000;
  const streams = frame.served === undefined ? [] : probeStreams(history, probers);
  let looked = 0;
  let longestMs = 0;
  let interruptions = 0;
  for (const by of probers)
    if (!streams.some((stream) => stream.by === by)) found.doubt(`the ${WHO[by]} never probed anything`);
  for (const stream of streams) {
    const window = frame.served ?? { fromMs: 0, toMs: 0 };
    const seen = watch(stream.samples, window, { limitMs, sightMs: sightSeconds * 1000 });
    looked += seen.looked;
    interruptions += seen.outages.length;
    for (const span of seen.unwatched)
      found.doubt(
        `the ${WHO[stream.by]} did not look at ${stream.target} ${between(span.fromMs, span.toMs)}; that is not "up"`,
      );
    for (const outage of seen.outages.map(suffered)) {
      longestMs = Math.max(longestMs, outage.atMostMs + outage.peopleMs);
      judge(found, stream, outage, limitMs);
    }
  }
  return found.conclude(frame, {
    broken: () => `the site was cut off for longer than ${longestSeconds} s: ${found.summary()}`,
    holds: () =>
      interruptions === 0
        ? 'no probe from outside ever failed'
        : `${many(interruptions, 'interruption')}, none longer than ${seconds(longestMs)} (allowed: ${longestSeconds} s)`,
    looked,
  });
}

function judge(found: Case, { by, target }: ProbeStream, outage: Suffered, limitMs: number): void {
  if (outage.atLeastMs + outage.peopleMs > limitMs) {
    const end =
      outage.overMs === undefined ? 'and it was not back at the end' : `back at ${seconds(outage.overMs)}`;
    const lasted = seconds((outage.overMs ?? outage.toMs) - outage.fromMs);
    found.find({
      what: `the ${WHO[by]} could not reach ${target} for ${lasted}${andPeople(outage)}, from ${seconds(outage.fromMs)}, ${end}`,
      evidence: evidence(...outage.seqs),
      atMs: outage.fromMs,
      untilMs: outage.overMs ?? outage.toMs,
    });
  } else if (outage.atMostMs > limitMs)
    found.doubt(
      `the ${WHO[by]} lost ${target} at ${seconds(outage.fromMs)} for ${seconds(outage.atLeastMs)} at least and ` +
        (Number.isFinite(outage.atMostMs)
          ? `${seconds(outage.atMostMs)} at most; the probes are too far apart to tell which side of ${seconds(limitMs)} it was`
          : 'had not got it back when the watching ended'),
    );
}
