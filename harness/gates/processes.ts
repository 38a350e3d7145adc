/** Who is connected to which brick, put together from both ends of the nodes' TCP connections. */
import type { Seen } from '../model/facts.ts';
import type { BrickId } from '../model/names.ts';
import { pathOfBrick } from '../model/names.ts';
import { held, unseen } from './decision.ts';
import type { Decision } from './decision.ts';
import type { GateFacts, NodeFacts } from './facts.ts';
import type { Connection, Endpoint, GlusterProcess } from './process-facts.ts';

/** A brick with the process that serves it. */
export interface Served {
  readonly brick: BrickId;
  readonly node: NodeFacts;
  readonly process: GlusterProcess;
  readonly addresses: readonly string[];
}

/** `Z` is dead, `T` and `t` are stopped: such a process holds its connections and answers nobody. */
export const isStuck = (process: GlusterProcess): boolean => /^[TtZX]$/.test(process.state);

export const STATE_NAME: Readonly<Record<string, string>> = {
  T: 'stopped by a signal',
  t: 'stopped by a debugger',
  Z: 'dead',
  X: 'dead',
};

/** The node that holds a brick, by glusterd's own files there. */
export function holderOf(facts: GateFacts, brick: BrickId): Seen<{ readonly node: NodeFacts }> {
  const found = facts.nodes.find((one) => one.localBricks.seen && one.localBricks.bricks.includes(brick));
  if (found !== undefined) return { seen: true, node: found };
  const away = facts.nodes.filter((one) => !one.localBricks.seen).map((one) => one.node);
  const because =
    away.length > 0
      ? `${away.join(', ')} did not tell which bricks it holds`
      : 'no node says that it holds it';
  return { seen: false, because: `brick ${brick}: ${because}` };
}

/** Processes that serve a brick; there should be one. */
export function brickProcesses(
  facts: GateFacts,
  brick: BrickId,
): Seen<{
  readonly node: NodeFacts;
  readonly addresses: readonly string[];
  readonly list: readonly GlusterProcess[];
}> {
  const holder = holderOf(facts, brick);
  if (!holder.seen) return holder;
  const { processes } = holder.node.extra;
  if (!processes.seen) {
    return {
      seen: false,
      because: `the processes of ${holder.node.node} were not seen: ${processes.because}`,
    };
  }
  const list = processes.list.filter(
    (one) => one.kind === 'brick' && one.volume === facts.volume && one.brickPath === pathOfBrick(brick),
  );
  return { seen: true, node: holder.node, addresses: processes.addresses, list };
}

/** The one process that serves a brick, or what a condition says that can't judge without it. */
export type ServedBrick =
  | { readonly seen: true; readonly served: Served }
  | { readonly seen: false; readonly decision: Decision };

/** A brick that no process serves is down, which is known; one that nobody could see, or two processes, are not. */
export function servedBy(facts: GateFacts, brick: BrickId): ServedBrick {
  const found = brickProcesses(facts, brick);
  if (!found.seen) return { seen: false, decision: unseen(found.because) };
  const [process, second] = found.list;
  if (process === undefined) return { seen: false, decision: held(`no process serves brick ${brick}`) };
  return second === undefined
    ? { seen: true, served: { brick, node: found.node, process, addresses: found.addresses } }
    : { seen: false, decision: unseen(`${found.list.length} processes serve brick ${brick}`) };
}

const LOOPBACK = /^(127\.|::1$)/;

/** Whether a connection of a process on `from` ends at a brick. */
export function endsAt(
  connection: Connection,
  from: NodeFacts,
  { node, process, addresses }: Served,
): boolean {
  const { address, port } = connection.peer;
  if (!process.listens.includes(port)) return false;
  return addresses.includes(address) || (LOOPBACK.test(address) && from.node === node.node);
}

const same = (one: Endpoint, other: Endpoint): boolean =>
  one.address === other.address && one.port === other.port;

export interface Client {
  /** Stands for the same client on every brick: a process of a node that was asked, or the address of another host. */
  readonly key: string;
  readonly name: string;
  /** To this brick. Of a process 1; which processes a host has that was not asked is not known, only how many connections. */
  readonly connections: number;
}

/** Everybody who is connected to a brick, by the brick's own sockets. Short-lived programs such as glfsheal are left out. */
export function clientsOf(facts: GateFacts, served: Served): readonly Client[] {
  const strangers = new Map<string, number>();
  const clients: Client[] = [];
  const inbound = served.process.connections.filter((one) => served.process.listens.includes(one.local.port));
  for (const connection of inbound) {
    const owner = ownerOf(facts, served, connection);
    if (owner?.process !== undefined) {
      const { node, process } = owner;
      if (process.kind !== 'other')
        clients.push({ key: `${node.node} ${process.pid}`, name: nameOf(node, process), connections: 1 });
    } else if (owner === undefined) {
      const { address } = connection.peer;
      strangers.set(address, (strangers.get(address) ?? 0) + 1);
    }
  }
  return [
    ...clients,
    ...[...strangers].map(([address, connections]) => ({
      key: address,
      name: `${address} (${connections} connection${connections > 1 ? 's' : ''})`,
      connections,
    })),
  ];
}

/** The node that a connection comes from, and its process there; the process is undefined when it is none of GlusterFS or has just ended. */
function ownerOf(
  facts: GateFacts,
  served: Served,
  connection: Connection,
): { readonly node: NodeFacts; readonly process: GlusterProcess | undefined } | undefined {
  for (const node of facts.nodes) {
    const { processes } = node.extra;
    if (!processes.seen) continue;
    const isLocal = LOOPBACK.test(connection.peer.address) && node.node === served.node.node;
    if (!isLocal && !processes.addresses.includes(connection.peer.address)) continue;
    const process = processes.list.find((one) =>
      one.connections.some(
        (other) => same(other.local, connection.peer) && same(other.peer, connection.local),
      ),
    );
    return { node, process };
  }
  return undefined;
}

function nameOf(node: NodeFacts, process: GlusterProcess): string {
  switch (process.kind) {
    case 'mount':
      return `the mount ${node.node}:${process.mountPoint ?? '?'}`;
    case 'self-heal':
      return `the self-heal daemon of ${node.node}`;
    case 'guest':
      return `guest process ${process.pid} on ${node.node}`;
    default:
      return `${process.kind} process ${process.pid} on ${node.node}`;
  }
}
