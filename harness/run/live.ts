/** What the history says so far, for those who wait on it during a run. Fed event by event; keeps the latest of each stream. */
import { instanceOf, pages } from '../alerting/detection.ts';
import type { Event, EventBody, EventOf, Prober } from '../model/event.ts';
import type { Journal } from './ports.ts';

/** How many probes in a row must agree before the service counts as up or down. */
const AGREE = 3;
/** A stream that has been silent for this long says nothing about now. Watchers write at least every 2 s. */
const FRESH_MS = 5000;

type Chatter = 'write-acknowledged' | 'heartbeat' | 'probe' | 'backlog';
const CHATTER = new Set<Event['kind']>([
  'write-acknowledged',
  'heartbeat',
  'probe',
  'backlog',
] satisfies Chatter[]);

export class Live implements Journal {
  readonly #journal: Journal;
  readonly #probes = new Map<Prober, EventOf<'probe'>[]>();
  readonly #probesOf = new Map<string, EventOf<'probe'>[]>();
  readonly #latest = new Map<string, Event>();
  readonly #events: Event[] = [];
  readonly #firing = new Map<string, string>();
  readonly #reachedMs = new Map<Prober, number>();
  #acknowledged = 0;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  record(body: EventBody, epochMs?: number): Event {
    const event = this.#journal.record(body, epochMs);
    if (!CHATTER.has(event.kind)) this.#events.push(event);
    switch (event.kind) {
      case 'probe':
        this.#probes.set(event.by, [...(this.#probes.get(event.by) ?? []), event].slice(-AGREE));
        this.#seeTarget(event);
        if (event.ok) this.#reachedMs.set(event.by, event.atMs);
        break;
      case 'write-acknowledged':
        this.#acknowledged += 1;
        break;
      case 'heartbeat':
      case 'vm':
        this.#latest.set(`${event.kind} ${event.router}`, event);
        break;
      case 'backlog':
        this.#latest.set(`backlog ${event.brick}`, event);
        break;
      case 'brick':
        this.#latest.set(`brick ${event.brick} ${event.seenBy}`, event);
        break;
      case 'node':
        this.#latest.set(`node ${event.node}`, event);
        if (event.state !== 'up') this.#forgetViewFrom(event.node);
        break;
      case 'note':
        if (event.mends !== undefined) this.#latest.set(`note ${event.mends}`, event);
        break;
      case 'alert':
        if (!pages(event)) break;
        if (event.state === 'firing') this.#firing.set(instanceOf(event), event.name);
        else this.#firing.delete(instanceOf(event));
        break;
      case 'rule':
        // A receiver may not be told of the end (`send_resolved: false`).
        if (event.state === 'inactive') this.#firing.delete(instanceOf(event));
        break;
      default:
    }
    return event;
  }

  #seeTarget(event: EventOf<'probe'>): void {
    const key = `${event.by} ${event.target}`;
    this.#probesOf.set(key, [...(this.#probesOf.get(key) ?? []), event].slice(-AGREE));
  }

  /** What a node saw before it went down says nothing about what it sees after its boot. */
  #forgetViewFrom(node: string): void {
    for (const key of this.#latest.keys())
      if (key.startsWith('brick ') && key.endsWith(` ${node}`)) this.#latest.delete(key);
  }

  /** Events so far without the chatter (probes, heartbeats, acknowledgements, backlog). */
  get events(): readonly Event[] {
    return this.#events;
  }

  /** Names of the pages that fire now. */
  get firing(): readonly string[] {
    return [...new Set(this.#firing.values())];
  }

  get acknowledgedWrites(): number {
    return this.#acknowledged;
  }

  /** Latest event of a stream (notes: those of a node that mends itself); undefined when there is none, or when a sampled stream has gone silent. */
  latest<K extends 'heartbeat' | 'vm' | 'backlog' | 'brick' | 'node' | 'note'>(
    kind: K,
    ...key: readonly string[]
  ): EventOf<K> | undefined {
    return this.#latest.get([kind, ...key].join(' ')) as EventOf<K> | undefined;
  }

  /** As `latest`, for sampled streams: undefined also when the last sample is older than a few seconds. */
  fresh<K extends 'heartbeat' | 'backlog'>(
    kind: K,
    nowMs: number,
    ...key: readonly string[]
  ): EventOf<K> | undefined {
    const event = this.#latest.get([kind, ...key].join(' '));
    return event !== undefined && nowMs - event.atMs <= FRESH_MS ? (event as EventOf<K>) : undefined;
  }

  /** `up` or `down` when the last probes agree; undefined when they don't or there are none. */
  reach(by: Prober): 'up' | 'down' | undefined {
    const probes = this.#probes.get(by) ?? [];
    if (probes.length < AGREE) return undefined;
    if (probes.every(({ ok }) => ok)) return 'up';
    return probes.every(({ ok }) => !ok) ? 'down' : undefined;
  }

  /** When a probe by `by` was last answered; 0: never. */
  lastReachedMs(by: Prober): number {
    return this.#reachedMs.get(by) ?? 0;
  }

  /** Each target of `by` was probed so often since then that `reached` speaks of the time after. */
  probedSince(by: Prober, atMs: number): boolean {
    const streams = [...this.#probesOf.values()].filter(([first]) => first?.by === by);
    return (
      streams.length > 0 &&
      streams.every((probes) => probes.length === AGREE && probes.every((probe) => probe.atMs >= atMs))
    );
  }

  /** Targets whose last probes by `by` were all answered. */
  reached(by: Prober): readonly string[] {
    return [...this.#probesOf.values()].flatMap((probes) => {
      const [first] = probes;
      const well = probes.length === AGREE && probes.every(({ ok }) => ok);
      return first?.by === by && well ? [first.target] : [];
    });
  }
}
