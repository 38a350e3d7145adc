/** The layout as the nodes tell it, and who holds what. */
import type { Seen } from '../model/facts.ts';
import type { BrickId, NodeName } from '../model/names.ts';
import { effectiveQuorum, hasQuorum } from '../afr/replica-set.ts';
import type { QuorumRule } from '../afr/replica-set.ts';
import { factsOf } from './condition.ts';
import type { GateFacts, NodeFacts, ReplicaSet } from './facts.ts';

/** glusterd names its client so (glusterd-volgen.c, `%s-ta-%d`). */
const THIN_ARBITER = /-ta-\d+$/;

/** The replica sets as the first node that knows them has them; a condition of its own compares the nodes' views. */
export function setsOf(facts: GateFacts): Seen<{ readonly sets: readonly ReplicaSet[] }> {
  for (const one of facts.nodes) {
    if (!one.layout.seen || one.layout.sets.length === 0) continue;
    const thin = one.layout.sets.find((set) => set.bricks.some(({ client }) => THIN_ARBITER.test(client)));
    if (thin === undefined) return one.layout;
    return {
      seen: false,
      because: `${thin.name} has a thin arbiter, whose replica id file no node of the volume can read: only replica sets of whole bricks and arbiter bricks can be judged`,
    };
  }
  const reasons = facts.nodes.map(
    (one) =>
      `${one.node}: ${one.layout.seen ? 'its volfile has no replica set, and only replicated volumes can be judged' : one.layout.because}`,
  );
  return {
    seen: false,
    because: `no node could tell the layout of volume ${facts.volume} (${reasons.join('; ') || 'no node was asked'})`,
  };
}

/** The bricks that would go down with a node. */
export function bricksOn(facts: GateFacts, node: NodeName): Seen<{ readonly bricks: ReadonlySet<BrickId> }> {
  const found = factsOf(facts, node);
  if (!found.seen) return found;
  const local = found.of.localBricks;
  return local.seen
    ? { seen: true, bricks: new Set(local.bricks) }
    : { seen: false, because: `which bricks ${node} holds was not seen: ${local.because}` };
}

/** Every brick of the volume, in the volfile's order. */
export const everyBrick = (sets: readonly ReplicaSet[]): readonly BrickId[] =>
  sets.flatMap((set) => set.bricks.map((one) => one.brick));

/** No node has mounted the volume: its clients are elsewhere. */
export const mountedNowhere = (facts: GateFacts): boolean =>
  facts.nodes.length > 0 && facts.nodes.every(({ mounts }) => mounts.seen && mounts.mounts.length === 0);

/**
 * The client quorum of one replica set as the running clients have it, not as it is configured. Clients that disagree, or that nobody
 * could ask, are not seen. Where none of the nodes mounts the volume it is that of the volfile, which every client gets.
 */
export function quorumOf(facts: GateFacts, set: ReplicaSet): Seen<{ readonly rule: QuorumRule }> {
  if (mountedNowhere(facts))
    return { seen: true, rule: effectiveQuorum(set.bricks.length, set.quorumType, set.quorumCount) };
  const used = facts.nodes.flatMap((one) => quorumsUsed(one, set.name));
  const kinds = [...new Set(used)];
  const [kind] = kinds;
  if (kind === undefined) {
    return { seen: false, because: `no mount told which quorum its client uses for ${set.name}` };
  }
  if (kinds.length > 1) {
    return { seen: false, because: `clients of ${set.name} use different quorums: ${kinds.join(' and ')}` };
  }
  const [type, count] = kind.split(' ');
  return { seen: true, rule: effectiveQuorum(set.bricks.length, type, Number(count)) };
}

function quorumsUsed(one: NodeFacts, set: string): readonly string[] {
  if (!one.mounts.seen) return [];
  return one.mounts.mounts
    .flatMap((mount) => (mount.clients.seen ? mount.clients.sets : []))
    .filter((client) => client.set === set)
    .map((client) => `${client.quorumType} ${client.quorumCount ?? 0}`);
}

/** Whether these bricks of a set are enough for its clients; one at least is always needed. */
export function quorateWith(rule: QuorumRule, set: ReplicaSet, up: ReadonlySet<BrickId>): boolean {
  const flags = set.bricks.map((one) => up.has(one.brick));
  return flags.includes(true) && hasQuorum(flags, rule);
}
