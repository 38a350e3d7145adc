/** Histories for tests: events as drafts that can be dropped, changed and added before they get their numbers. */
import type { Event, EventBody, EventKind, History } from '../model/event.ts';

/** `of` in a body refers to the key of another draft; numbering turns it into that event's `seq`. */
export interface Draft {
  readonly key: number;
  /** When it happened. */
  readonly atMs: number;
  /** When it was recorded; a probe is stamped when sent and recorded when answered. */
  readonly arrivedMs: number;
  readonly body: EventBody;
}
export type Drafts = readonly Draft[];
type BodyOf<K extends EventKind> = Extract<EventBody, { kind: K }>;
export type DraftOf<K extends EventKind> = Draft & { readonly body: BodyOf<K> };

export class Script {
  readonly #drafts: Draft[] = [];

  /** Answers the key, for what refers to it. */
  at(atMs: number, body: EventBody, tookMs = 0): number {
    const key = this.#drafts.length;
    this.#drafts.push({ key, atMs, arrivedMs: atMs + tookMs, body });
    return key;
  }

  get drafts(): Drafts {
    return this.#drafts;
  }
}

/** Orders drafts by arrival and numbers them. A reference to a draft that was dropped becomes -1. */
export function historyOf(drafts: Drafts): History {
  const ordered = drafts.toSorted((a, b) => a.arrivedMs - b.arrivedMs || a.key - b.key);
  const seqs = new Map(ordered.map(({ key }, seq) => [key, seq] as const));
  return ordered.map(({ atMs, body }, seq): Event => {
    if ('of' in body) return { seq, atMs, ...body, of: seqs.get(body.of) ?? -1 };
    return { seq, atMs, ...body };
  });
}

export const is =
  <K extends EventKind>(kind: K) =>
  (draft: Draft): draft is DraftOf<K> =>
    draft.body.kind === kind;

export const without = (drafts: Drafts, unwanted: (draft: Draft) => boolean): Drafts =>
  drafts.filter((draft) => !unwanted(draft));

/** Adds events after the others; what arrives at the same moment comes later. */
export function adding(drafts: Drafts, more: readonly (readonly [atMs: number, body: EventBody])[]): Drafts {
  const next = 1 + drafts.reduce((most, { key }) => Math.max(most, key), -1);
  return [
    ...drafts,
    ...more.map(([atMs, body], i): Draft => ({ key: next + i, atMs, arrivedMs: atMs, body })),
  ];
}

/** Changes the body of every event of a kind; undefined leaves one as it was. */
export function changing<K extends EventKind>(
  drafts: Drafts,
  kind: K,
  change: (body: BodyOf<K>, draft: Draft) => EventBody | undefined,
): Drafts {
  return drafts.map((draft) =>
    is(kind)(draft) ? { ...draft, body: change(draft.body, draft) ?? draft.body } : draft,
  );
}
