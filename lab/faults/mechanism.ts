/** How a fault is brought about in a lab: shell lines on nodes, by the engine. Pure data; `injector.ts` runs them. */
import { bricksOf, node as named, nodeOfBrick } from '../../harness/index.ts';
import type { NodeName, SiteSpec } from '../../harness/index.ts';
import { HOST } from '../network/plan.ts';
import type { NetworkPlan } from '../network/plan.ts';

/** The machines that watch. They are no nodes; lines are run on them the same way. */
export const WATCHERS = { inside: named('monitor'), offsite: named('offsite') } as const;

export interface Line {
  readonly on: NodeName;
  readonly sh: string;
  readonly limitMs: number;
}

/** Run again and again until it ends with 0; what it prints last goes into the receipt. */
export interface Proof extends Line {
  readonly what: string;
  readonly seenBy: string;
  readonly withinMs: number;
}

export interface Mechanism {
  readonly begin: (place: Place) => readonly Line[];
  readonly proofs: (place: Place) => readonly [Proof, ...Proof[]];
  /** Must do no harm when it has begun only half-way, or has ended already. */
  readonly end: (place: Place) => readonly Line[];
}

/** Where a fault is brought about. */
export class Place {
  readonly spec: SiteSpec;
  readonly plan: NetworkPlan;
  /** The node that is hit. */
  readonly node: NodeName;
  /** Nodes that are not hit, in the site's order. */
  readonly others: readonly NodeName[];
  /** The first of them, which looks. */
  readonly witness: NodeName;
  readonly volume: string;
  readonly brick: string;
  readonly mount: string;

  constructor(spec: SiteSpec, plan: NetworkPlan, node: NodeName) {
    const others = spec.nodes.filter((other) => other !== node);
    const [witness] = others;
    if (witness === undefined || !spec.nodes.includes(node))
      throw new Error(`a fault needs a node of the site and another one that looks; ${node} is not that`);
    this.spec = spec;
    this.plan = plan;
    this.node = node;
    this.others = others;
    this.witness = witness;
    this.volume = spec.volume.name;
    this.brick = `/bricks/${spec.volume.name}/brick`;
    this.mount = `/mnt/pve/${spec.volume.name}`;
  }

  /** Nodes that hold a brick, in the volume's order. */
  get holders(): readonly NodeName[] {
    return bricksOf(this.spec).map(({ brick }) => nodeOfBrick(brick));
  }

  /** A node that writes and looks: one without a brick where there is one, else the last. */
  get writer(): NodeName {
    const { nodes } = this.spec;
    const last = nodes.at(-1) ?? this.node;
    return nodes.find((one) => !this.holders.includes(one)) ?? last;
  }

  ip(network: 'storage' | 'lan', node: NodeName): string {
    return this.plan.ip(network, HOST.firstNode + this.spec.nodes.indexOf(node));
  }
}

const QUICK_MS = 15_000;

export const line = (on: NodeName, sh: string, limitMs = QUICK_MS): Line => ({ on, sh, limitMs });

export const proof = (
  on: NodeName,
  sh: string,
  { what, seenBy, withinMs = 10_000 }: { what: string; seenBy: string; withinMs?: number },
): Proof => ({ on, sh, limitMs: 5000, what, seenBy, withinMs });

/** Waits on the node itself, so that waiting costs no round trips. */
export const awaitThat = (condition: string, seconds: number, what: string): string =>
  `for i in $(seq ${seconds * 5}); do { ${condition}; } && exit 0; sleep 0.2; done; echo "still waiting for ${what} after ${seconds} s" >&2; exit 1`;

/** Whether the client that has the volume mounted is connected to the brick of `holder`. */
export const connection = ({ volume, mount, holders }: Place, holder: NodeName, is: 0 | 1): string =>
  `grep -qx 'connected = ${is}' ${mount}/.meta/graphs/active/${volume}-client-${holders.indexOf(holder)}/private`;

/** Until the client on this node has the bricks of all of them. */
export const awaitBricks = (place: Place, on: NodeName, holders: readonly NodeName[]): readonly Line[] =>
  holders.map((holder) =>
    line(on, awaitThat(connection(place, holder, 1), 30, `the brick of ${holder} to be back`), 35_000),
  );

/** The pattern does not match the line that it is in. */
export const SELF_HEAL = `pgrep -f '[g]lustershd'`;
export const BRICK = 'pgrep -x glusterfsd';

/** Stops or wakes every self-heal daemon. */
export const selfHealers = ({ spec }: Place, signal: 'STOP' | 'CONT'): readonly Line[] =>
  spec.nodes.map((node) => line(node, `pids=$(${SELF_HEAL}) && kill -${signal} $pids || true`));

export const startForce = ({ volume }: Place, on: NodeName): Line =>
  line(on, `gluster --mode=script --timeout=20 volume start ${volume} force`, 25_000);

/** Writes that failed leave files dirty that nobody accuses: the self-heal daemons find them on their next crawl, up to ten minutes later. */
export const crawl = ({ witness, volume }: Place): Line =>
  line(witness, `gluster --mode=script volume heal ${volume} >/dev/null 2>&1 || true`);
