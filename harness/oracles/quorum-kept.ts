/** No client ever loses quorum, nor the last brick that holds data: judged from what the clients themselves are connected to. */
import { hasQuorum } from '../afr/replica-set.ts';
import type { QuorumRule } from '../afr/replica-set.ts';
import type { EventOf, History } from '../model/event.ts';
import { nodeOfBrick } from '../model/names.ts';
import type { BrickId, NodeName } from '../model/names.ts';
import { bricksOf } from '../model/site.ts';
import type { SiteSpec } from '../model/site.ts';
import type { Verdict } from '../model/verdict.ts';
import { Case, evidence } from './conclude.ts';
import { quorumRule } from './copies.ts';
import { frameOf } from './frame.ts';
import type { Span } from './frame.ts';
import type { Oracle } from './oracle.ts';
import { between, list, many, seconds } from './say.ts';

export interface QuorumLimits {
  /** Differences between the clocks of two streams; a loss that is shorter may be none. */
  readonly longestSeconds?: number;
  /** How long a client that has just booted may take to connect. */
  readonly connectSeconds?: number;
}

export function quorumKept({ longestSeconds = 1, connectSeconds = 60 }: QuorumLimits = {}): Oracle {
  return {
    name: 'quorum-kept',
    aspect: 'availability',
    means:
      "Every client on a running node is always connected to enough bricks for the volume's quorum rule, one with data among them",
    evidence:
      'client, from when to when, which bricks it still had; the events of the nodes and connections that took it',
    check: (history) => check(history, longestSeconds * 1000, connectSeconds * 1000),
  };
}

/** Longest orderly shutdown. */
const SHUTDOWN_MS = 30_000;

type Change = EventOf<'brick'> | EventOf<'node'>;

function check(history: History, limitMs: number, connectMs: number): Verdict {
  const frame = frameOf(history);
  const found = new Case();
  const { spec, served: window } = frame;
  let looked = 0;
  if (spec !== undefined && window !== undefined) {
    const board = new Board(spec, window, { limitMs, connectMs }, found);
    const changes: Change[] = [];
    for (const event of history) if (event.kind === 'brick' || event.kind === 'node') changes.push(event);
    changes.sort((a, b) => a.atMs - b.atMs || order(a) - order(b));
    for (const change of changes) board.see(change);
    board.end();
    looked = changes.length;
  }
  return found.conclude(frame, {
    broken: () => `clients lost their quorum: ${found.summary()}`,
    holds: () => `no client lost quorum in ${many(looked, 'change')} of connections and nodes`,
    looked,
  });
}

/** At one moment nodes come before connections, so that the order of arrival does not matter. */
const order = (change: Change): number => (change.kind === 'node' ? 0 : 1);

interface Client {
  readonly node: NodeName;
  /** By brick; undefined = nobody said. */
  readonly connected: Map<BrickId, boolean>;
  /** When it last came up and has not had quorum since; undefined once it had. */
  freshSinceMs: number | undefined;
  lost: { readonly atMs: number; readonly seq: number; readonly left: readonly BrickId[] } | undefined;
}

class Board {
  readonly #rule: QuorumRule;
  readonly #bricks: ReturnType<typeof bricksOf>;
  readonly #clients: readonly Client[];
  readonly #away = new Set<NodeName>();
  readonly #window: Span;
  readonly #limits: { readonly limitMs: number; readonly connectMs: number };
  readonly #found: Case;

  constructor(
    spec: SiteSpec,
    window: Span,
    limits: { readonly limitMs: number; readonly connectMs: number },
    found: Case,
  ) {
    this.#rule = quorumRule(spec.volume);
    this.#bricks = bricksOf(spec);
    this.#window = window;
    this.#limits = limits;
    this.#found = found;
    this.#clients = spec.nodes.map((node) => ({
      node,
      connected: new Map(),
      freshSinceMs: -Infinity,
      lost: undefined,
    }));
  }

  see(change: Change): void {
    // After the end only what was begun may end; before the begin, states are taken in and not judged.
    if (change.atMs > this.#window.toMs) return;
    if (change.kind === 'node') this.#power(change);
    else
      this.#clients.find(({ node }) => node === change.seenBy)?.connected.set(change.brick, change.connected);
    if (change.atMs < this.#window.fromMs) return;
    for (const client of this.#clients) this.#judge(client, change.atMs, change.seq);
  }

  end(): void {
    for (const client of this.#clients) {
      this.#judge(client, this.#window.toMs, undefined);
      this.#close(client, this.#window.toMs, undefined);
      const silent = this.#bricks
        .filter(({ brick }) => !client.connected.has(brick))
        .map(({ brick }) => brick);
      if (silent.length > 0 && !this.#away.has(client.node))
        this.#found.doubt(`nobody said whether the client on ${client.node} is connected to ${list(silent)}`);
    }
  }

  #power({ node, state, atMs }: EventOf<'node'>): void {
    if (state === 'up') this.#away.delete(node);
    else this.#away.add(node);
    const client = this.#clients.find((each) => each.node === node);
    if (client === undefined) return;
    if (state !== 'up') {
      // What it was connected to before says nothing about its next life.
      client.connected.clear();
      client.freshSinceMs = atMs;
    } else if (client.freshSinceMs !== undefined) client.freshSinceMs = Math.max(client.freshSinceMs, atMs);
  }

  #judge(client: Client, atMs: number, seq: number | undefined): void {
    if (this.#away.has(client.node)) return this.#leave(client, atMs, seq);
    const has = (unsaid: boolean) =>
      this.#bricks.map(
        ({ brick }) => !this.#away.has(nodeOfBrick(brick)) && (client.connected.get(brick) ?? unsaid),
      );
    if (this.#enough(has(false))) {
      client.freshSinceMs = undefined;
      return this.#close(client, atMs, seq);
    }
    if (client.freshSinceMs !== undefined) return this.#judgeFresh(client, client.freshSinceMs, atMs);
    if (this.#enough(has(true))) return undefined;
    const left = this.#bricks.filter((_, i) => has(true)[i]).map(({ brick }) => brick);
    client.lost ??= { atMs, seq: seq ?? 0, left };
  }

  #judgeFresh(client: Client, sinceMs: number, atMs: number): void {
    const waitedMs = atMs - Math.max(sinceMs, this.#window.fromMs);
    if (waitedMs > this.#limits.connectMs)
      this.#found.doubt(
        `the client on ${client.node} showed no quorum for ${seconds(waitedMs)} after it came up`,
      );
  }

  #enough(up: readonly boolean[]): boolean {
    const data = up.some((is, i) => is && this.#bricks[i]?.arbiter === false);
    return data && hasQuorum(up, this.#rule);
  }

  /** A node that goes down lets go of its bricks first, some seconds before it is seen to be off: that is no loss, unless too many had gone before. */
  #leave(client: Client, atMs: number, seq: number | undefined): void {
    const { lost } = client;
    const letGo =
      lost !== undefined &&
      this.#enough(
        this.#bricks.map(
          ({ brick }) =>
            lost.left.includes(brick) ||
            nodeOfBrick(brick) === client.node ||
            !this.#away.has(nodeOfBrick(brick)),
        ),
      );
    if (letGo && atMs - lost.atMs <= SHUTDOWN_MS) client.lost = undefined;
    this.#close(client, atMs, seq);
  }

  #close(client: Client, atMs: number, seq: number | undefined): void {
    const { lost } = client;
    client.lost = undefined;
    if (lost === undefined || atMs - lost.atMs <= this.#limits.limitMs) return;
    this.#found.find({
      what: `the client on ${client.node} had only ${list(lost.left)} ${between(lost.atMs, atMs)}`,
      evidence: evidence(lost.seq, seq),
      node: client.node,
      atMs: lost.atMs,
      untilMs: atMs,
    });
  }
}
