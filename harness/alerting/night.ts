/** Plays one page against an escalation policy and the people in it: who is woken, who acknowledges, who can act, and when. Pure. */
import type { WayIn } from '../model/event.ts';
import { asleep, chanceOf } from './people.ts';
import type { Channel, Draw, Person } from './people.ts';
import { messagesOf } from './policy.ts';
import type { EscalationPolicy, Sent } from './policy.ts';
import { freeFrom, nextTimeOfDay } from './site-time.ts';
import type { SiteSeconds } from './site-time.ts';

export interface Page {
  /** When it reached the pager; undefined: it never left the site, and nobody is told anything. */
  readonly deliveredAt: SiteSeconds | undefined;
  /** Why it never left, when that is known. */
  readonly untoldBecause?: string;
  readonly policy: EscalationPolicy;
  readonly people: readonly Person[];
  /** A way to the nodes from afar that works in this state of the site; undefined: none, somebody must travel. */
  readonly wayIn: Exclude<WayIn, 'on-site'> | undefined;
  readonly draw: Draw;
}

/** Somebody read the page. Escalation ends only when this person can act. */
export interface Acknowledgement {
  readonly who: string;
  readonly at: SiteSeconds;
  readonly how: 'awake' | 'woken' | 'slept-through';
  readonly messages: number;
  /** Why this person can't act, when that is so. */
  readonly cannotAct?: string;
}

export interface Acts {
  readonly who: string;
  readonly by: WayIn;
  readonly at: SiteSeconds;
  readonly leavesAt: SiteSeconds;
}

export interface Night {
  readonly sent: readonly (Sent & {
    readonly at: SiteSeconds;
    readonly asleep: boolean;
    readonly woke: boolean;
  })[];
  readonly acknowledged: readonly Acknowledgement[];
  readonly acts: Acts | undefined;
  /** Why nobody acts, when nobody does. */
  readonly because?: string;
}

export function playNight(page: Page): Night {
  if (page.deliveredAt === undefined) {
    return {
      sent: [],
      acknowledged: [],
      acts: undefined,
      because: page.untoldBecause ?? 'no page ever reached the pager',
    };
  }
  const { sent, acknowledged, ended } = escalate(page, page.deliveredAt);
  const last = ended ?? acknowledged.at(-1);
  if (last === undefined || last.cannotAct !== undefined) {
    const because =
      last === undefined ? 'nobody reads the page' : `${last.who} reads it but ${last.cannotAct}`;
    return { sent, acknowledged, acts: undefined, because };
  }
  return { sent, acknowledged, acts: action(page, last) };
}

/** Sends message after message until somebody acknowledges who ends the escalation by the policy. */
function escalate(
  page: Page,
  deliveredAt: SiteSeconds,
): Pick<Night, 'sent' | 'acknowledged'> & { readonly ended: Acknowledgement | undefined } {
  const sent: Night['sent'][number][] = [];
  const answers = new Map<string, Acknowledgement>();
  const ends = ({ cannotAct }: Acknowledgement): boolean =>
    page.policy.endedBy === 'anyone' || cannotAct === undefined;
  const decided = (): SiteSeconds =>
    Math.min(...[...answers.values()].filter(ends).map((one) => one.at), Infinity);
  const heardAsleep = new Map<string, number>();
  const chance = (person: Person, by: Exclude<Channel, 'email'>): number => {
    const key = `${by} to ${person.name}`;
    const nth = (heardAsleep.get(key) ?? 0) + 1;
    heardAsleep.set(key, nth);
    return chanceOf(person.wakes[by], nth);
  };
  for (const message of messagesOf(page.policy)) {
    const at = deliveredAt + message.afterSeconds;
    if (at >= decided()) break;
    const person = personOf(page, message.person);
    const before = answers.get(person.name);
    const sleeps = asleep(person, at) && before?.how !== 'woken';
    const woke = sleeps && message.by !== 'email' && page.draw() < chance(person, message.by);
    sent.push({ ...message, at, asleep: sleeps, woke });
    answers.set(person.name, merged(before, answerTo(page, person, message, at, sleeps, woke)));
  }
  const end = decided();
  const acknowledged = [...answers.values()].filter((one) => one.at <= end).sort((a, b) => a.at - b.at);
  // Of two who read it in the same minute the one counts who can act.
  const ending = acknowledged.filter(ends);
  return { sent, acknowledged, ended: ending.find((one) => one.cannotAct === undefined) ?? ending[0] };
}

/** The earliest answer counts: a phone that rings is heard before a mail is read, and a message wakes who slept through others. */
function merged(before: Acknowledgement | undefined, answer: Acknowledgement): Acknowledgement {
  if (before === undefined) return answer;
  const messages = before.messages + 1;
  if (before.how === 'woken') return before;
  if (before.how === 'awake') return answer.at < before.at ? { ...answer, messages } : before;
  if (answer.how === 'woken') return { ...answer, messages };
  return { ...before, messages, at: Math.min(before.at, answer.at) };
}

function answerTo(
  page: Page,
  person: Person,
  { by }: Sent,
  at: SiteSeconds,
  sleeps: boolean,
  woke: boolean,
): Acknowledgement {
  const cannotAct = whyNot(page, person);
  const rest = { who: person.name, messages: 1, ...(cannotAct === undefined ? {} : { cannotAct }) };
  if (!sleeps) return { ...rest, how: 'awake', at: at + person.answersInSeconds[by] };
  if (woke) return { ...rest, how: 'woken', at: at + person.wakesUpInSeconds };
  const morning = nextTimeOfDay(at, person.sleeps?.to ?? 0);
  return { ...rest, how: 'slept-through', at: morning + person.readsInTheMorningSeconds };
}

function whyNot({ wayIn }: Page, person: Person): string | undefined {
  if (wayIn !== undefined) return undefined;
  if (person.travelSeconds === undefined) return 'there is no way in from afar and no way to travel';
  return freeFrom(person.heldUp, 0) === undefined ? 'is held up all day' : undefined;
}

function action({ wayIn, people }: Page, { who, at }: Acknowledgement): Acts {
  const person = people.find(({ name }) => name === who);
  if (person === undefined) throw new Error(`bug: ${who} acknowledged and is nobody`);
  if (wayIn !== undefined) return { who, by: wayIn, leavesAt: at, at: at + person.connectsInSeconds };
  const leavesAt = freeFrom(person.heldUp, at) ?? at;
  return { who, by: 'on-site', leavesAt, at: leavesAt + (person.travelSeconds ?? 0) };
}

export function personOf({ policy, people }: Pick<Page, 'policy' | 'people'>, name: string): Person {
  const person = people.find((one) => one.name === name);
  if (person === undefined)
    throw new Error(
      `playing policy ${policy.name}: it notifies ${name}, whom nobody describes; check it with flawsOf first`,
    );
  return person;
}
