/** Somebody who could do something about an outage acknowledged its page in time, on the site's clock: alerts that nobody reads are none. */
import { clockText } from '../alerting/site-time.ts';
import { siteClockOf } from '../alerting/site-clock.ts';
import type { SiteClock } from '../alerting/site-clock.ts';
import { pages } from '../alerting/detection.ts';
import type { EventOf, History } from '../model/event.ts';
import type { FaultName } from '../model/fault-name.ts';
import type { Verdict } from '../model/verdict.ts';
import { Case, evidence } from './conclude.ts';
import { frameOf } from './frame.ts';
import type { Span } from './frame.ts';
import type { Oracle } from './oracle.ts';
import { watch } from './outages.ts';
import type { Outage } from './outages.ts';
import { probeStreams } from './probes.ts';
import { between, many, hoursAndMinutes, seconds } from './say.ts';
import { sufferedIn } from './suffered.ts';

export interface AcknowledgeLimits {
  /** From the outage's begin to the acknowledgement, on the site's clock. */
  readonly withinMinutes: number;
  /** An interruption up to this long is a failover and calls nobody. */
  readonly outageSeconds: number;
  readonly sightSeconds?: number;
  /** Faults that call for a person also while customers are served. */
  readonly faults?: readonly FaultName[];
}

export function personAcknowledged(limits: AcknowledgeLimits): Oracle {
  return {
    name: 'person-acknowledged',
    aspect: 'availability',
    means: `When customers are cut off for longer than ${limits.outageSeconds} s${orWith(limits.faults)}, a person who can act acknowledges within ${limits.withinMinutes} minutes of the site's clock, unless it is over by then`,
    evidence:
      'the outage, the first page about it that was delivered, who was told and who acknowledged, when',
    check: (history) => check(history, { sightSeconds: 2, faults: [], ...limits }),
  };
}

const orWith = (faults: readonly FaultName[] = []): string =>
  faults.length === 0 ? '' : `, or while there is ${faults.join(' or ')}`;

function check(
  history: History,
  { withinMinutes, outageSeconds, sightSeconds, faults }: Required<AcknowledgeLimits>,
): Verdict {
  const frame = frameOf(history);
  const found = new Case();
  const limitMs = outageSeconds * 1000;
  const window = frame.served ?? { fromMs: 0, toMs: 0 };
  const streams = frame.served === undefined ? [] : probeStreams(history, ['customer']);
  if (streams.length === 0) found.doubt('the customer never probed anything');
  let looked = 0;
  const ends: End[] = [];
  const deadline = { endMs: window.toMs, withinSeconds: withinMinutes * 60 };
  for (const { samples, target } of streams) {
    const seen = watch(samples, window, { limitMs, sightMs: sightSeconds * 1000 });
    looked += seen.looked;
    for (const span of seen.unwatched)
      found.doubt(`the customer did not look at ${target} ${between(span.fromMs, span.toMs)}`);
    for (const outage of seen.outages.map(sufferedIn(history))) {
      if (outage.atLeastMs + outage.peopleMs > limitMs) {
        ends.push(judge(history, { what: 'customers were cut off', ...outage }, deadline, found));
      } else if (outage.atMostMs > limitMs)
        found.doubt(
          `whether ${target} was away for longer than ${seconds(limitMs)} at ${seconds(outage.fromMs)} is not known`,
        );
    }
  }
  for (const fault of faultsIn(history, faults, window)) ends.push(judge(history, fault, deadline, found));
  return found.conclude(frame, {
    broken: () => found.summary(),
    holds: () => wellSaid(ends, withinMinutes),
    looked,
  });
}

function wellSaid(ends: readonly End[], withinMinutes: number): string {
  const overByThen = ends.filter((end) => end === 'over by then').length;
  if (ends.includes('in time')) return `somebody who could act acknowledged within ${withinMinutes} minutes`;
  return overByThen > 0
    ? `${many(overByThen, 'outage')} ended before anybody had to act`
    : 'no outage called for a person';
}

type End = 'in time' | 'over by then' | 'not well';
/** What calls for a person. */
type Call = Pick<Outage, 'fromMs' | 'toMs' | 'overMs'> & {
  readonly what: string;
  readonly seqs: readonly [number, ...number[]];
};

const faultsIn = (history: History, faults: readonly string[], window: Span): readonly Call[] =>
  history
    .filter((event) => event.kind === 'fault-began')
    .filter(({ fault, atMs }) => faults.includes(fault) && atMs >= window.fromMs && atMs <= window.toMs)
    .map(({ seq, atMs, fault, target }) => {
      const overMs = history.find((event) => event.kind === 'fault-ended' && event.of === seq)?.atMs;
      return {
        what: `${fault} on ${target} began`,
        fromMs: atMs,
        toMs: overMs ?? window.toMs,
        overMs,
        seqs: [seq],
      };
    });

interface Deadline {
  /** Where the watching ended, on the lab's clock. */
  readonly endMs: number;
  readonly withinSeconds: number;
}

function judge(history: History, outage: Call, { endMs, withinSeconds }: Deadline, found: Case): End {
  const clock = siteClockOf(history);
  const begins = clock.at(outage.fromMs);
  const people = peopleAfter(history, outage.fromMs);
  const reader = people.find(canAct);
  const readAt = reader === undefined ? undefined : timeOf(reader, clock);
  if (readAt !== undefined && readAt - begins <= withinSeconds) return 'in time';
  const passed = clock.at(outage.overMs ?? endMs) - begins;
  if (outage.overMs !== undefined && passed <= withinSeconds) return 'over by then';
  if (passed <= withinSeconds) {
    found.doubt(
      `nobody had acknowledged when the watching ended, ${hoursAndMinutes(passed)} after ${outage.what}; ${hoursAndMinutes(withinSeconds)} were not over`,
    );
    return 'not well';
  }
  const page = history.find(
    (event): event is EventOf<'alert'> =>
      event.kind === 'alert' && event.state === 'firing' && event.atMs >= outage.fromMs && pages(event),
  );
  found.find({
    what: `${outage.what} at ${clockText(begins)}; ${whoRead(people, reader, begins, clock)}`,
    evidence: evidence(outage.seqs[0], page?.seq, people.at(-1)?.seq, reader?.seq),
    atMs: outage.fromMs,
    untilMs: outage.overMs ?? outage.toMs,
  });
  return 'not well';
}

type Person = EventOf<'person'>;

const canAct = ({ doing }: Person): boolean =>
  doing?.what === 'acknowledged' && doing.cannotAct === undefined;

const timeOf = (person: Person, clock: SiteClock): number => person.clock ?? clock.at(person.atMs);

const peopleAfter = (history: History, fromMs: number): readonly Person[] =>
  history.filter((event): event is Person => event.kind === 'person' && event.atMs >= fromMs);

function whoRead(
  people: readonly Person[],
  reader: Person | undefined,
  begins: number,
  clock: SiteClock,
): string {
  if (reader !== undefined) {
    const at = timeOf(reader, clock);
    return `${reader.who} acknowledged at ${clockText(at)}, ${hoursAndMinutes(at - begins)} later`;
  }
  const helpless = people.find(({ doing }) => doing?.what === 'acknowledged');
  if (helpless !== undefined) return `${helpless.who} ${helpless.does}, and nobody else read it`;
  const untold = people.find(({ doing }) => doing?.what === 'untold');
  return untold === undefined ? 'nobody acknowledged' : `${untold.who} ${untold.does}`;
}
