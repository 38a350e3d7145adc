/** What people did between the page and the first action, in chapters: what took how long. Pure. */
import type { EventOf, WayIn } from '../harness/index.ts';

type Person = EventOf<'person'>;

export interface Chapter {
  /** `unread`: nobody has read the page yet; `other`: a history of before, which says it in words only. */
  readonly kind: 'unread' | 'held-up' | 'travels' | 'connects' | 'untold' | 'other';
  readonly who: string;
  readonly does: string;
  readonly siteSeconds: number;
  /** When it ended, on the site's clock. */
  readonly clock: number | undefined;
  /** Messages that were sent meanwhile: seconds into the chapter, and whether one woke somebody. */
  readonly messages: readonly { readonly afterSeconds: number; readonly woke: boolean }[];
  readonly seq: number;
}

const BY: Readonly<Record<WayIn, Chapter['kind']>> = {
  'on-site': 'travels',
  oob: 'connects',
  routers: 'connects',
};

const kindOf = ({ doing }: Person): Chapter['kind'] => {
  switch (doing?.what) {
    case undefined:
      return 'other';
    case 'sent':
    case 'acknowledged':
      return 'unread';
    case 'held-up':
      return 'held-up';
    case 'acts':
      return BY[doing.by];
    case 'untold':
      return 'untold';
  }
};

/** In order of the site's clock. Messages are no chapters of their own: they fall into the time in which nobody has read one. */
export function chaptersOf(people: readonly Person[]): readonly Chapter[] {
  const chapters: Chapter[] = [];
  let messages: { afterSeconds: number; woke: boolean }[] = [];
  let passed = 0;
  const close = (person: Person): void => {
    const { who, does, clock, seq } = person;
    chapters.push({ kind: kindOf(person), who, does, siteSeconds: passed, clock, messages, seq });
    [messages, passed] = [[], 0];
  };
  for (const person of people) {
    passed += person.siteSeconds;
    if (person.doing?.what === 'sent') messages.push({ afterSeconds: passed, woke: person.doing.woke });
    else close(person);
  }
  const last = people.at(-1);
  // Messages to the end, and nobody answered.
  if (last !== undefined && messages.length > 0) close(last);
  return chapters;
}
