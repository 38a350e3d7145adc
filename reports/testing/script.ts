/** Writes a history out of order, as one thinks of it, and puts it in order: for tests only. */
import type { Event, EventBody, History } from '../../harness/index.ts';

/** A reference to an event whose `seq` is not known yet. */
export type Ref = { readonly at: number };

type WithoutOf<B> = B extends { of: number } ? Omit<B, 'of'> : never;

export class Script {
  readonly #lines: { atMs: number; body: EventBody; ref: Ref; of?: Ref }[] = [];

  /** Adds an event `seconds` after the run's begin. */
  at(seconds: number, body: EventBody): Ref {
    const ref = { at: seconds };
    this.#lines.push({ atMs: Math.round(seconds * 1000), body, ref });
    return ref;
  }

  /** Adds an event about an earlier one; its `of` is filled in at the end. */
  about(of: Ref, seconds: number, body: WithoutOf<EventBody>): Ref {
    const ref = { at: seconds };
    this.#lines.push({ atMs: Math.round(seconds * 1000), body: body as EventBody, ref, of });
    return ref;
  }

  /** In order of time, numbered, references resolved; `until` cuts it off as a crash does. */
  history(until = Number.POSITIVE_INFINITY): History {
    const ordered = this.#lines.toSorted((a, b) => a.atMs - b.atMs);
    const seqOf = new Map(ordered.map((line, seq) => [line.ref, seq]));
    return ordered
      .map(({ atMs, body, of }, seq) => ({ seq, atMs, ...body, ...(of && { of: seqOf.get(of) }) }) as Event)
      .filter((event) => event.atMs <= until * 1000);
  }
}
