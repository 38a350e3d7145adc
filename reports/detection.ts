/** How the longest outage came to people's ears: fired, delivered, woke, acknowledged, acts. Pure. */
import { clockTextWithSeconds, noReturnOf, pageOf, pages, saidOf, siteClockOf } from '../harness/index.ts';
import type { EventOf, History, NoReturn } from '../harness/index.ts';
import { playOf } from './outages.ts';
import type { Outage } from './outages.ts';

/** A moment of an alert's way. */
export interface Heard {
  /** Since the outage began, on the site's clock; negative: that much before it. */
  readonly seconds: number;
  /** The site's clock: `07:10:00 (+1 d)`. */
  readonly siteTime: string;
  /** The alert's name, or the person's. */
  readonly who: string;
}

/** `null`: it did not happen in this history. */
export interface Detection {
  /** When the customers were cut off, on the site's clock. */
  readonly outageSiteTime: string;
  /** Whether people are part of this history at all. */
  readonly peopleAsked: boolean;
  /** The rule of the first page. */
  readonly fired: Heard | null;
  /** That page at the pager. */
  readonly delivered: Heard | null;
  /** The first person whom a message woke. */
  readonly woke: Heard | null;
  /** The first person who read it and could act. */
  readonly acknowledged: Heard | null;
  /** The first person with a shell on a node, or in the data center. */
  readonly acts: Heard | null;
}

export function detectionOf(history: History, outage: Outage | undefined): Detection | null {
  if (outage === undefined) return null;
  const clock = siteClockOf(history);
  const begins = clock.at(outage.fromMs);
  const heard = (at: number, who: string): Heard => ({
    seconds: Math.round((at - begins) * 10) / 10,
    siteTime: clockTextWithSeconds(at),
    who,
  });
  const people = history.filter(
    (event): event is EventOf<'person'> =>
      event.kind === 'person' && event.atMs >= outage.fromMs && event.atMs <= outage.toMs,
  );
  const page = toldPage(history, people[0]) ?? firstPageAfter(history, people[0] ? Infinity : outage.fromMs);
  const person = (is: (one: EventOf<'person'>) => boolean): Heard | null => {
    const one = people.find(is);
    return one === undefined ? null : heard(one.clock ?? clock.at(one.atMs), one.who);
  };
  return {
    outageSiteTime: clockTextWithSeconds(begins),
    peopleAsked: people.length > 0,
    fired: page === undefined ? null : heard(clock.at(page.activeAtMs), page.name),
    delivered: page === undefined ? null : heard(clock.at(page.atMs), page.name),
    woke: person(({ doing }) => doing?.what === 'sent' && doing.woke),
    acknowledged: person(({ doing }) => doing?.what === 'acknowledged' && doing.cannotAct === undefined),
    acts: person(({ doing }) => doing?.what === 'acts'),
  };
}

/** What people were told, by the time that they were asked: it may have come before the outage. */
const toldPage = (history: History, first: EventOf<'person'> | undefined): EventOf<'alert'> | undefined =>
  first &&
  pageOf(
    history.filter(({ seq }) => seq < first.seq),
    playOf(history).fromMs,
  );

const firstPageAfter = (history: History, fromMs: number): EventOf<'alert'> | undefined =>
  history
    .filter((event): event is EventOf<'alert'> => event.kind === 'alert' && event.state === 'firing')
    .filter((alert) => alert.atMs >= fromMs && pages(alert))
    .sort((a, b) => a.atMs - b.atMs)[0];

/** The point of no return, as figures; `null`: nothing was lost for want of a healed copy. */
export interface NoReturnFigures {
  /** Since the play began, on the lab's clock. */
  readonly seconds: number;
  readonly siteTime: string;
  /** From the first alert that was right to it; `null`: nobody was told before it. */
  readonly toldSecondsBefore: number | null;
  readonly toldBy: string | null;
  /** All of it in one sentence. */
  readonly says: string;
}

export function noReturnFigures(history: History, playFromMs: number): NoReturnFigures | null {
  const found: NoReturn | undefined = noReturnOf(history);
  if (found === undefined) return null;
  const [first] = found.before;
  return {
    seconds: Math.round((found.atMs - playFromMs) / 100) / 10,
    siteTime: clockTextWithSeconds(siteClockOf(history).at(found.atMs)),
    toldSecondsBefore: first?.secondsBefore ?? null,
    toldBy: first?.alert ?? null,
    says: saidOf(found),
  };
}
