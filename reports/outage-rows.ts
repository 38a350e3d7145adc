/** The longest outage of a run as parts on the site's clock: what the time went by. Pure. */
import { siteClockOf } from '../harness/index.ts';
import type { EventOf, History } from '../harness/index.ts';
import { detectionOf } from './detection.ts';
import type { Outage } from './outages.ts';
import { outagesOf } from './outages.ts';
import { chaptersOf } from './people.ts';
import type { Chapter } from './people.ts';

export type PartKind = 'unnoticed' | 'unread' | 'held-up' | 'travels' | 'connects' | 'repairs' | 'unasked';

export interface Part {
  readonly kind: PartKind;
  /** Seconds on the site's clock. */
  readonly from: number;
  readonly to: number;
}

export interface OutageRow {
  readonly title: string;
  /** The run was aborted: what was not seen can't be called no outage. */
  readonly aborted: boolean;
  /** Undefined: nobody was seen to be cut off. */
  readonly outage:
    | {
        readonly from: number;
        readonly to: number;
        readonly unended: boolean;
        /** In order, without gaps. */
        readonly parts: readonly Part[];
        /** Who acknowledged and who acted, in words. */
        readonly says: string;
      }
    | undefined;
}

const KIND: Readonly<Record<Chapter['kind'], PartKind>> = {
  unread: 'unread',
  'held-up': 'held-up',
  travels: 'travels',
  connects: 'connects',
  untold: 'unread',
  other: 'unread',
};

export function outageRow(title: string, history: History): OutageRow {
  const outage = outagesOf(history, 'customer').toSorted(
    (a, b) => b.toMs - b.fromMs - (a.toMs - a.fromMs),
  )[0];
  const aborted = history.some(({ kind }) => kind === 'aborted');
  if (outage === undefined) return { title, aborted, outage: undefined };
  const clock = siteClockOf(history);
  const [from, to] = [clock.at(outage.fromMs), clock.at(outage.toMs)];
  const parts = partsOf(history, outage, from, to);
  const unended = outage.unended || aborted;
  return { title, aborted, outage: { from, to, unended, parts, says: saidOf(history, outage) } };
}

function partsOf(history: History, outage: Outage, from: number, to: number): readonly Part[] {
  const people = history.filter(
    (event): event is EventOf<'person'> =>
      event.kind === 'person' && event.atMs >= outage.fromMs && event.atMs <= outage.toMs,
  );
  if (people.length === 0) return [{ kind: 'unasked', from, to }];
  const delivered = detectionOf(history, outage)?.delivered;
  const parts: Part[] = [];
  let at = from;
  const add = (kind: PartKind, until: number): void => {
    if (until > at) parts.push({ kind, from: at, to: until });
    at = Math.max(at, until);
  };
  add('unnoticed', from + Math.max(0, delivered?.seconds ?? 0));
  const begins = siteClockOf(history).at((people[0]?.atMs ?? 0) - 1);
  let passed = Math.max(at, begins);
  for (const chapter of chaptersOf(people)) {
    passed += chapter.siteSeconds;
    add(KIND[chapter.kind], Math.min(to, passed));
  }
  add(outage.unended ? 'unread' : 'repairs', to);
  return parts;
}

function saidOf(history: History, outage: Outage): string {
  const detection = detectionOf(history, outage);
  if (detection === null || !detection.peopleAsked) return '';
  const short = (time: string): string => time.replace(/:\d\d(?= |$)/, '').replace(' (+1 d)', '');
  const { acknowledged, acts, woke } = detection;
  if (acknowledged === null) return 'nobody who could act acknowledged';
  const how = woke?.who === acknowledged.who ? 'woken and acknowledges' : 'acknowledges';
  return [
    `${acknowledged.who} ${how} at ${short(acknowledged.siteTime)}`,
    ...(acts === null ? [] : [`acts at ${short(acts.siteTime)}`]),
  ].join(', ');
}
