/** What the history says so far, for those who wait on it during a run. Fed event by event; keeps little. */
import type { Event, EventBody, EventOf, Prober } from '../model/event.ts';
import type { Journal } from './ports.ts';

/** How many probes in a row must agree before the service counts as up or down. */
const AGREE = 3;

export class Live implements Journal {
  readonly #journal: Journal;
  readonly #probes = new Map<Prober, EventOf<'probe'>[]>();
  readonly #events: Event[] = [];

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  record(body: EventBody, epochMs?: number): Event {
    const event = this.#journal.record(body, epochMs);
    if (event.kind === 'probe') {
      const last = this.#probes.get(event.by) ?? [];
      this.#probes.set(event.by, [...last, event].slice(-AGREE));
    } else if (event.kind !== 'write-acknowledged' && event.kind !== 'heartbeat') this.#events.push(event);
    return event;
  }

  /** Events so far without the chatter (probes, heartbeats, acknowledgements). */
  get events(): readonly Event[] {
    return this.#events;
  }

  /** `up` or `down` when the last probes agree; undefined when they don't or there are none. */
  reach(by: Prober): 'up' | 'down' | undefined {
    const probes = this.#probes.get(by) ?? [];
    if (probes.length < AGREE) return undefined;
    if (probes.every(({ ok }) => ok)) return 'up';
    return probes.every(({ ok }) => !ok) ? 'down' : undefined;
  }
}
