import { everyLook, ofEveryNode } from '../condition.ts';
import type { Condition } from '../condition.ts';
import { combine, held, refused, unseen } from '../decision.ts';
import type { Decision } from '../decision.ts';
import type { GateFacts, NodeFacts, Peer } from '../facts.ts';

/** glusterd_friend_sm state "Peer in Cluster". */
const IN_CLUSTER = 3;

/** Every node must know exactly the other nodes, as connected members. */
export const peersSymmetric: Condition = {
  code: 'A2',
  name: 'peers-symmetric',
  section: 'A',
  checks: 'on every node: exactly the other nodes are peers, each connected and "Peer in Cluster"',
  why: 'peering is each node’s own opinion: one node may be rejected or cut off while the others look healthy',
  wouldHavePrevented:
    'a node rejected after an upgrade (checksums differ) taken for healthy, and the next one rebooted',
  needs: 'full',
  decide: everyLook(judge),
};

function judge(facts: GateFacts): Decision {
  const everybody = new Map<string, string>();
  const blind: Decision[] = [];
  for (const one of facts.nodes) {
    if (one.identity.seen) everybody.set(one.identity.uuid, one.node);
    else blind.push(unseen(`who ${one.node} is was not seen: ${one.identity.because}`));
  }
  const decisions = [
    ...blind,
    ...ofEveryNode(
      facts,
      'peer status',
      (one) => one.peers,
      (value, one) => view(everybody, one, value.peers),
    ),
    ...ofEveryNode(
      facts,
      'pool list',
      (one) => one.pool,
      (value, one) => pool(everybody, one, value.members),
    ),
  ];
  return combine(
    decisions,
    `${facts.nodes.length} nodes, each with ${facts.nodes.length - 1} connected peers`,
  );
}

function view(
  everybody: ReadonlyMap<string, string>,
  viewer: NodeFacts,
  peers: readonly Peer[],
): readonly Decision[] {
  const self = viewer.identity.seen ? viewer.identity.uuid : '';
  const missing = [...everybody].filter(
    ([uuid]) => uuid !== self && !peers.some((peer) => peer.uuid === uuid),
  );
  return [
    ...peers.flatMap((peer) => onePeer(everybody, viewer, peer)),
    ...missing.map(([, name]) =>
      refused(
        [`${viewer.node} does not have ${name} among its peers`],
        `Find out why ${name} is no peer of ${viewer.node} (gluster peer status on both) before any reboot.`,
      ),
    ),
    ...(missing.length === 0 ? [{ kind: 'open', saw: '' } as const] : []),
  ];
}

function onePeer(everybody: ReadonlyMap<string, string>, viewer: NodeFacts, peer: Peer): readonly Decision[] {
  const name = everybody.get(peer.uuid) ?? peer.hostname;
  if (!everybody.has(peer.uuid)) {
    return [unseen(`${viewer.node} has a peer ${name} that was not asked: ask every node of the pool`)];
  }
  if (peer.state !== IN_CLUSTER) {
    return [
      refused(
        [`${viewer.node} sees ${name} as "${peer.stateName}" (state ${peer.state}), not as a member`],
        `Bring ${name} back into the pool (gluster peer status; compare the volumes' cksum files) before any reboot.`,
      ),
    ];
  }
  return peer.connected ? [] : [held(`${viewer.node} is not connected to its peer ${name}`)];
}

function pool(
  everybody: ReadonlyMap<string, string>,
  viewer: NodeFacts,
  members: readonly Peer[],
): readonly Decision[] {
  return members.length === everybody.size
    ? [{ kind: 'open', saw: '' }]
    : [
        unseen(
          `the pool of ${viewer.node} has ${members.length} members, but ${everybody.size} nodes answered`,
        ),
      ];
}
