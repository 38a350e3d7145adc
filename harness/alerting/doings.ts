/** A night as events of the history: what each person did, one after another on the site's clock. Pure. */
import type { EventOf, WayIn } from '../model/event.ts';
import { personOf } from './night.ts';
import type { Acknowledgement, Acts, Night, Page } from './night.ts';
import { nextTimeOfDay, within } from './site-time.ts';
import type { SiteSeconds } from './site-time.ts';

export type PersonBody = Required<Omit<EventOf<'person'>, 'seq' | 'atMs'>>;
type Moment = Omit<PersonBody, 'kind' | 'siteSeconds'>;

const WAY: Readonly<Record<WayIn, string>> = {
  routers: 'connects through the routers and acts',
  oob: 'connects over the backup connection and acts',
  'on-site': 'is in the data center and acts on site',
};

/**
 * `now`: what the site's clock shows where the lab stops for people. What happened before has taken no time of theirs, so all
 * `siteSeconds` together are the time from now to the last doing.
 */
export function doingsOf(page: Page, night: Night, now: SiteSeconds): readonly PersonBody[] {
  const moments = [
    ...messages(night),
    ...night.acknowledged.map((one) => acknowledgement(one)),
    ...(night.acts === undefined ? [] : acting(page, night.acts, night.acknowledged.at(-1))),
    ...(page.deliveredAt === undefined ? [untold(page, night, now)] : []),
  ].toSorted((a, b) => a.clock - b.clock);
  let passed = now;
  return moments.map((moment): PersonBody => {
    const siteSeconds = Math.max(0, moment.clock - passed);
    passed += siteSeconds;
    return { kind: 'person', siteSeconds, ...moment };
  });
}

function messages({ sent }: Night): readonly Moment[] {
  const counts = new Map<string, number>();
  return sent.map(({ person, by, at, asleep, woke }): Moment => {
    const nth = (counts.get(person) ?? 0) + 1;
    counts.set(person, nth);
    const then = woke ? ', and wakes up' : asleep ? ', and sleeps on' : '';
    return {
      who: person,
      does: `is sent message ${nth} by ${by}${then}`,
      clock: at,
      doing: { what: 'sent', by, woke },
    };
  });
}

const READS: Readonly<Record<Acknowledgement['how'], (count: number) => string>> = {
  awake: () => 'reads the page and acknowledges',
  woken: (count) => `is awake after message ${count} and acknowledges`,
  'slept-through': (count) =>
    `has slept through ${count} ${count === 1 ? 'message' : 'messages'}, reads them and acknowledges`,
};

const acknowledgement = ({ who, at, how, messages: count, cannotAct }: Acknowledgement): Moment => ({
  who,
  does: READS[how](count) + (cannotAct === undefined ? '' : `, but ${cannotAct}`),
  clock: at,
  doing: { what: 'acknowledged', ...(cannotAct === undefined ? {} : { cannotAct }) },
});

function acting(
  page: Page,
  { who, by, at, leavesAt }: Acts,
  last: Acknowledgement | undefined,
): readonly Moment[] {
  const readAt = last?.at ?? leavesAt;
  const holding = personOf(page, who)
    .heldUp.filter((span) => within(span, readAt) || nextTimeOfDay(readAt, span.from) < leavesAt)
    .map((span) => span.by)
    .join(' and ');
  const held: Moment = {
    who,
    does: `was held up by ${holding}`,
    clock: leavesAt,
    doing: { what: 'held-up', by: holding },
  };
  return [
    ...(last !== undefined && leavesAt > last.at ? [held] : []),
    { who, does: WAY[by], clock: at, doing: { what: 'acts', by } },
  ];
}

/** How long a night without a word is for somebody who is awake all the time. */
const SHIFT_SECONDS = 8 * 3600;

function untold({ policy, people }: Page, { because = 'no page came' }: Night, now: SiteSeconds): Moment {
  const person = personOf({ policy, people }, policy.steps[0].notify[0].person);
  const clock = person.sleeps === undefined ? now + SHIFT_SECONDS : nextTimeOfDay(now, person.sleeps.to);
  return {
    who: person.name,
    does: `is told nothing until the morning: ${because}`,
    clock,
    doing: { what: 'untold', because },
  };
}
