/** From events to spans: what was how, from when to when. Pure; knows nothing of pixels. */
import type { BrickId, EventOf, GateDecision, History, NodeName, RouterName } from '../../harness/index.ts';
import { nodeOfBrick } from '../../harness/index.ts';
import type { Interval } from '../outages.ts';

export interface Span<S> extends Interval {
  readonly state: S;
}

/** Changes of one thing, in order of time, as spans up to `endMs`; equal neighbours melt. */
function spansOf<S>(changes: readonly { atMs: number; state: S }[], endMs: number): Span<S>[] {
  const spans: Span<S>[] = [];
  for (const { atMs, state } of changes.toSorted((a, b) => a.atMs - b.atMs)) {
    const open = spans.at(-1);
    if (open && JSON.stringify(open.state) === JSON.stringify(state)) continue;
    if (open) spans[spans.length - 1] = { ...open, toMs: atMs };
    spans.push({ fromMs: atMs, toMs: endMs, state });
  }
  return spans.filter(({ fromMs, toMs }) => toMs > fromMs);
}

export type NodeState = 'up' | 'down' | 'booting' | 'healing';

/** A node is `healing` while it is up and its brick's index names files whose heal is pending. */
export function nodeSpans(history: History, node: NodeName, endMs: number): readonly Span<NodeState>[] {
  let power: 'up' | 'down' | 'booting' = 'up';
  let pending = false;
  const changes: { atMs: number; state: NodeState }[] = [];
  for (const event of history) {
    if (event.kind === 'node' && event.node === node) power = event.state;
    else if (event.kind === 'backlog' && nodeOfBrick(event.brick) === node) {
      if (event.counts.seen) pending = event.counts.xattrop > 0;
    } else continue;
    changes.push({ atMs: event.atMs, state: power === 'up' && pending ? 'healing' : power });
  }
  return spansOf(changes, endMs);
}

/** When at least one other node's client had no connection to the brick. */
export function brickAway(history: History, brick: BrickId, endMs: number): readonly Interval[] {
  const missing = new Set<NodeName>();
  const changes = history
    .filter((event): event is EventOf<'brick'> => event.kind === 'brick' && event.brick === brick)
    .map(({ atMs, seenBy, connected }) => {
      if (connected) missing.delete(seenBy);
      else missing.add(seenBy);
      return { atMs, state: missing.size > 0 };
    });
  return spansOf(changes, endMs).filter(({ state }) => state);
}

export interface RouterState {
  readonly node: NodeName | undefined;
  /** `silent`: the VM runs and its guest says nothing, as while it boots or hangs. */
  readonly is: 'MASTER' | 'BACKUP' | 'INIT' | 'silent' | 'paused' | 'off';
  readonly disk: 'ok' | 'failed' | 'none';
}

/** Heartbeats come twice a second; after this long without one the guest is silent. */
const SILENT_AFTER_MS = 2_000;

export function routerSpans(
  history: History,
  router: RouterName,
  endMs: number,
): readonly Span<RouterState>[] {
  const changes: { atMs: number; state: RouterState }[] = [];
  let now: RouterState = { node: undefined, is: 'silent', disk: 'none' };
  let heardMs = Number.NEGATIVE_INFINITY;
  const become = (atMs: number, change: Partial<RouterState>): void => {
    now = { ...now, ...change };
    changes.push({ atMs, state: now });
  };
  const fallSilent = (atMs: number): void => {
    const heard = now.is === 'MASTER' || now.is === 'BACKUP' || now.is === 'INIT';
    if (heard && atMs - heardMs > SILENT_AFTER_MS) become(heardMs + 500, { is: 'silent' });
  };
  for (const event of history) {
    if (event.kind === 'heartbeat' && event.router === router) {
      fallSilent(event.atMs);
      heardMs = event.atMs;
      become(event.atMs, { is: event.role, disk: event.disk });
    } else if (event.kind === 'vm' && event.router === router) {
      fallSilent(event.atMs);
      const change = vmChange(event, now);
      if (change) become(event.atMs, change);
    }
  }
  fallSilent(endMs);
  return spansOf(changes, endMs);
}

function vmChange({ state, node }: EventOf<'vm'>, now: RouterState): Partial<RouterState> | undefined {
  switch (state) {
    case 'running':
      return { node, is: now.is === 'off' || now.is === 'paused' ? 'silent' : now.is };
    case 'paused':
    case 'io-error':
      return { is: 'paused' };
    case 'exited':
      return { is: 'off', disk: 'none' };
    case 'disk-error':
      return { disk: 'failed' };
    case 'migrating-in':
    case 'start-failed':
      return undefined;
  }
}

export interface GateWait extends Interval {
  readonly gate: string;
  readonly node: NodeName;
  /** Each answer lasts until the next one. */
  readonly answers: readonly Span<GateDecision['kind']>[];
  readonly first: GateDecision;
  /** How it ended; a wait that didn't end `open` was given up. */
  readonly last: GateDecision;
}

/** Questions about one node to one gate are one wait until it opens, whether it holds or refuses meanwhile. */
export function gateWaits(history: History): readonly GateWait[] {
  const waits = new Map<string, EventOf<'gate'>[]>();
  const done: EventOf<'gate'>[][] = [];
  for (const event of history) {
    if (event.kind !== 'gate') continue;
    const key = `${event.gate} ${event.node}`;
    const asked = [...(waits.get(key) ?? []), event];
    if (event.decision.kind === 'open') {
      waits.delete(key);
      done.push(asked);
    } else waits.set(key, asked);
  }
  return [...done, ...waits.values()]
    .flatMap((asked) => waitOf(asked) ?? [])
    .sort((a, b) => a.fromMs - b.fromMs);
}

function waitOf(asked: readonly EventOf<'gate'>[]): GateWait | undefined {
  const [first, last] = [asked[0], asked.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const changes = asked.map(({ atMs, decision }) => ({ atMs, state: decision.kind }));
  return {
    gate: first.gate,
    node: first.node,
    fromMs: first.atMs,
    toMs: last.atMs,
    answers: spansOf(changes, last.atMs),
    first: first.decision,
    last: last.decision,
  };
}

export interface AlertSpan extends Interval {
  readonly name: string;
  readonly firedMs: number;
  readonly resolved: boolean;
  readonly receiver: string;
}

/** Alerts from when their rule became active to when they were resolved; one per name and labels. */
export function alertSpans(history: History, endMs: number): readonly AlertSpan[] {
  const spans = new Map<string, AlertSpan>();
  const done: AlertSpan[] = [];
  for (const event of history) {
    if (event.kind !== 'alert') continue;
    const key = JSON.stringify([event.name, event.receiver, event.labels]);
    const open = spans.get(key);
    if (event.state === 'firing' && !open) {
      const { name, receiver, atMs } = event;
      const fromMs = Math.min(event.activeAtMs, atMs);
      spans.set(key, { name, receiver, firedMs: atMs, fromMs, toMs: endMs, resolved: false });
    } else if (event.state === 'resolved' && open) {
      spans.delete(key);
      done.push({ ...open, toMs: event.atMs, resolved: true });
    }
  }
  return [...done, ...spans.values()].sort((a, b) => a.firedMs - b.firedMs);
}

export interface StepSpan extends Interval {
  readonly name: string;
  readonly kind: 'step' | 'fault';
  readonly outcome: 'done' | 'failed' | 'cut-off' | 'given-up' | 'unended';
  readonly hint: string;
  /** Proven by somebody else than who caused it; undefined when no proof was due or came. */
  readonly receipt: boolean | undefined;
  readonly seq: number;
}

/** Steps and faults in the order in which they began. */
export function stepSpans(history: History, endMs: number): readonly StepSpan[] {
  const spans = new Map<number, StepSpan>();
  const change = (of: number, to: Partial<StepSpan>): void => {
    const span = spans.get(of);
    if (span) spans.set(of, { ...span, ...to });
  };
  for (const event of history) {
    const { seq, atMs } = event;
    const begun = { seq, fromMs: atMs, toMs: endMs, outcome: 'unended', receipt: undefined } as const;
    if (event.kind === 'step-began') {
      spans.set(seq, { ...begun, kind: 'step', name: event.step, hint: event.command });
    } else if (event.kind === 'fault-began') {
      spans.set(seq, { ...begun, kind: 'fault', name: event.fault, hint: event.target });
    } else if (event.kind === 'step-ended') change(event.of, { toMs: atMs, outcome: event.outcome.kind });
    else if (event.kind === 'fault-ended') change(event.of, { toMs: atMs, outcome: 'done' });
    // One proof of several that is missing is not made up for by another.
    else if (event.kind === 'receipt' && spans.get(event.of)?.receipt !== false)
      change(event.of, { receipt: true });
    else if (event.kind === 'no-receipt') change(event.of, { receipt: false });
  }
  return [...spans.values()];
}
