/** The people of the incident, as its owner told it: alerts streamed in at midnight, he slept, and could be there at 12. */
import { playNight } from './night.ts';
import type { Doing, Night } from './night.ts';
import { seeded } from './people.ts';
import type { Person } from './people.ts';
import type { EscalationPolicy } from './policy.ts';
import { at } from './site-time.ts';
import type { SiteSeconds } from './site-time.ts';

const minutes = (count: number): number => count * 60;

/** Sleeps from 23 to 7 and through everything; has appointments until 11:20; packs and drives for 40 minutes. */
export const OPERATOR: Person = {
  name: 'operator',
  sleeps: { from: at(23), to: at(7) },
  wakes: { push: 0, sms: 0, call: 0 },
  wakesUpInSeconds: minutes(2),
  readsInTheMorningSeconds: minutes(10),
  answersInSeconds: { email: minutes(30), push: minutes(2), sms: minutes(2), call: 30 },
  heldUp: [{ from: at(7), to: at(11, 20), by: 'appointments' }],
  travelSeconds: minutes(40),
  connectsInSeconds: minutes(5),
};

/** The same man with a phone that rings: each loud call wakes him with an even chance. */
export const WAKEABLE_OPERATOR: Person = { ...OPERATOR, wakes: { push: 0.1, sms: 0.2, call: 0.5 } };

/** Somebody else who is asked when the first does not answer. */
export const SECOND: Person = {
  ...WAKEABLE_OPERATOR,
  name: 'second',
  heldUp: [],
  travelSeconds: minutes(60),
};

/** What the site had: messages to one phone, again and again, and nobody after him. */
export const ONE_PHONE: EscalationPolicy = {
  name: 'one-phone',
  steps: [{ notify: [{ person: 'operator', by: 'push' }], waitSeconds: minutes(30) }],
  repeat: 13,
};

/** Lesson 3: calls instead of messages, and a second person after ten minutes. */
export const CALL_THEN_SECOND: EscalationPolicy = {
  name: 'call-then-second',
  steps: [
    { notify: [{ person: 'operator', by: 'call' }], waitSeconds: minutes(5) },
    { notify: [{ person: 'operator', by: 'call' }], waitSeconds: minutes(5) },
    {
      notify: [
        { person: 'second', by: 'call' },
        { person: 'operator', by: 'call' },
      ],
      waitSeconds: minutes(5),
    },
  ],
  repeat: 8,
};

/** The incident's night from the page on. No chance is in it: he never wakes before 7. */
export function incidentNight({
  pagedAt = at(0),
  wayIn,
}: {
  readonly pagedAt?: SiteSeconds;
  readonly wayIn?: string;
} = {}): Night {
  return playNight({
    deliveredAt: pagedAt,
    policy: ONE_PHONE,
    people: [OPERATOR],
    wayIn,
    draw: seeded(0),
  });
}

/**
 * What the sleeping operator does between the page and the restore, as bodies of `person` events, one after another.
 * `siteSeconds` are durations; together they are the hours from the page to the data center: 12 for a page at midnight.
 */
export const sleepingOperator = ({
  pagedAt = at(0),
}: { readonly pagedAt?: SiteSeconds } = {}): readonly Doing[] => incidentNight({ pagedAt }).path;
