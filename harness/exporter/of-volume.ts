/** Processes, connections and indexes as samples. What was not seen is left out; that a brick was not read is a sample of its own. */
import { countOf, quorumCount } from '../afr/replica-set.ts';
import type { QuorumRule } from '../afr/replica-set.ts';
import type { GateFacts, MountFacts, NodeFacts, ReplicaSet } from '../gates/facts.ts';
import { quorumOf } from '../gates/layout.ts';
import { brickProcesses, endsAt, isStuck, servedBy } from '../gates/processes.ts';
import type { ServedBrick } from '../gates/processes.ts';
import type { BrickFacts } from '../model/facts.ts';
import { nodeOfBrick, pathOfBrick } from '../model/names.ts';
import type { BrickId, NodeName } from '../model/names.ts';
import { asNumber } from './metrics.ts';
import type { Sample } from './metrics.ts';

/** `bricks`: every brick that is known, from this look or an earlier one. `withoutMount`: nodes that mount no volume by the site's description. */
export function volumeSamples(
  facts: GateFacts,
  sets: readonly ReplicaSet[],
  bricks: readonly BrickId[],
  withoutMount: readonly NodeName[],
): readonly Sample[] {
  const { volume } = facts;
  return [
    ...(bricks.length === 0
      ? []
      : [{ name: 'healproof_volume_bricks', labels: { volume }, value: bricks.length } as const]),
    ...bricks.flatMap((brick) => brickSamples(facts, brick)),
    ...facts.nodes.flatMap((one) => [
      ...healerSamples(facts, one, bricks),
      ...mountSamples(facts, one, sets, withoutMount),
      ...rejectedSamples(facts, one),
    ]),
    ...peerSamples(facts),
  ];
}

function brickSamples(facts: GateFacts, brick: BrickId): readonly Sample[] {
  const { volume } = facts;
  const found = facts.bricks.find((one) => one.brick === brick);
  const labels = { volume, brick };
  const online = isOnline(facts, brick);
  return [
    { name: 'healproof_brick_readable', labels, value: asNumber(found !== undefined && isRead(found)) },
    ...(found === undefined ? [] : indexSamples(volume, found)),
    ...(online === undefined
      ? []
      : ([
          { name: 'healproof_brick_online', labels, value: asNumber(online) },
          {
            name: 'gluster_brick_up',
            labels: { volume, hostname: nodeOfBrick(brick), brick_path: pathOfBrick(brick) },
            value: asNumber(online),
          },
        ] as const)),
  ];
}

export const isRead = (brick: BrickFacts): boolean => brick.seen && brick.index.seen;

function indexSamples(volume: string, one: BrickFacts): readonly Sample[] {
  if (!one.seen || !one.index.seen) return [];
  const { xattrop, dirty, entryChanges } = one.index;
  const { brick } = one;
  return Object.entries({ xattrop, dirty, 'entry-changes': entryChanges }).map(([kind, value]) => ({
    name: 'healproof_index_entries',
    labels: { volume, brick, kind },
    value,
  }));
}

/** Undefined when nobody saw the processes of its node. */
function isOnline(facts: GateFacts, brick: BrickId): boolean | undefined {
  const found = brickProcesses(facts, brick);
  if (!found.seen) return undefined;
  const [process, second] = found.list;
  return process !== undefined && second === undefined && !isStuck(process);
}

/** A node without bricks has no daemon of this volume. */
function healerSamples(facts: GateFacts, one: NodeFacts, bricks: readonly BrickId[]): readonly Sample[] {
  const { volume } = facts;
  const { node, localBricks } = one;
  const { processes } = one.extra;
  if (!processes.seen || !localBricks.seen || localBricks.bricks.length === 0) return [];
  const daemons = processes.list.filter((process) => process.kind === 'self-heal' && !isStuck(process));
  const connected = (brick: ServedBrick): boolean | undefined => {
    if (!brick.seen) return brick.decision.kind === 'unknown' ? undefined : false;
    return daemons.some((daemon) =>
      daemon.connections.some((connection) => endsAt(connection, one, brick.served)),
    );
  };
  return [
    { name: 'healproof_shd_running', labels: { volume, node }, value: asNumber(daemons.length > 0) },
    ...bricks.flatMap((brick): readonly Sample[] => {
      const has = connected(servedBy(facts, brick));
      if (has === undefined) return [];
      return [
        {
          name: 'healproof_shd_brick_connected',
          labels: { volume, node, brick },
          value: asNumber(has),
        },
      ];
    }),
  ];
}

/** A node that does not answer says nothing as a client. */
function mountSamples(
  facts: GateFacts,
  one: NodeFacts,
  sets: readonly ReplicaSet[],
  withoutMount: readonly NodeName[],
): readonly Sample[] {
  const { volume } = facts;
  const { node, mounts } = one;
  if (!one.identity.seen || withoutMount.includes(node)) return [];
  const told = mounts.seen ? mounts.mounts.map((mount) => mount.clients) : [];
  const tables = told.filter((table) => table.seen);
  // A mount that does not tell may be the one that has lost a brick.
  const answers = tables.length > 0 && tables.length === told.length;
  return [
    { name: 'healproof_mount_answers', labels: { volume, node }, value: asNumber(answers) },
    ...(answers ? clientSamples(facts, node, sets, tables) : []),
  ];
}

type Table = Extract<MountFacts['clients'], { readonly seen: true }>;

/** As every mount on the node has it: what one of them lacks, the node lacks. */
function clientSamples(
  facts: GateFacts,
  node: NodeName,
  sets: readonly ReplicaSet[],
  tables: readonly Table[],
): readonly Sample[] {
  const { volume } = facts;
  const has = (client: string): boolean =>
    tables.every((table) => table.bricks.some((brick) => brick.client === client && brick.connected));
  const margins = sets.map((set) => marginOf(facts, set, tables));
  const known = margins.filter((margin) => margin !== undefined);
  return [
    ...sets.flatMap((set) =>
      set.bricks.map(({ brick, client }): Sample => ({
        name: 'healproof_client_brick_connected',
        labels: { volume, node, brick },
        value: asNumber(has(client)),
      })),
    ),
    ...(margins.length === 0 || known.length < margins.length
      ? []
      : [{ name: 'healproof_quorum_margin', labels: { volume, node }, value: Math.min(...known) } as const]),
  ];
}

/** By the mount that has the fewest bricks, and the quorum that the clients really use. */
function marginOf(facts: GateFacts, set: ReplicaSet, tables: readonly Table[]): number | undefined {
  const quorum = quorumOf(facts, set);
  if (!quorum.seen) return undefined;
  const margins = tables.map((table) => {
    const has = (client: string): boolean =>
      table.bricks.some((one) => one.connected && one.client === client);
    return marginWith(
      quorum.rule,
      set.bricks.map(({ client }) => has(client)),
    );
  });
  return Math.min(...margins);
}

/**
 * Exactly half of the bricks are enough under `auto` when the first one is among them (afr-transaction.c `afr_has_quorum`): two bricks have a
 * margin of one while both are there, of none with the first one alone, and have lost quorum with the second one alone.
 */
function marginWith(rule: QuorumRule, connected: readonly boolean[]): number {
  const isHalfEnough = rule.type === 'auto' && connected[0] === true;
  const needs = isHalfEnough ? Math.ceil(connected.length / 2) : quorumCount(rule, connected.length);
  return countOf(connected) - Math.max(1, needs);
}

function rejectedSamples(facts: GateFacts, { node, peers }: NodeFacts): readonly Sample[] {
  if (!peers.seen) return [];
  return peers.peers.map((peer) => ({
    name: 'healproof_peer_rejected',
    labels: { node, peer: nameOf(facts, peer.uuid, peer.hostname) },
    value: asNumber(/reject/i.test(peer.stateName)),
  }));
}

/** By every node that answers: one that has lost a peer is enough. */
function peerSamples(facts: GateFacts): readonly Sample[] {
  const connected = new Map<string, boolean>();
  for (const { peers } of facts.nodes) {
    for (const peer of peers.seen ? peers.peers : []) {
      const hostname = nameOf(facts, peer.uuid, peer.hostname);
      connected.set(hostname, (connected.get(hostname) ?? true) && peer.connected);
    }
  }
  return [...connected].map(([hostname, yes]) => ({
    name: 'gluster_peer_connected',
    labels: { hostname },
    value: asNumber(yes),
  }));
}

/** One name for one node, whoever tells of it: each glusterd has its own idea of its peers' host names. */
function nameOf(facts: GateFacts, uuid: string, hostname: string): string {
  return facts.nodes.find(({ identity }) => identity.seen && identity.uuid === uuid)?.node ?? hostname;
}
