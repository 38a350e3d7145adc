/** `volume info`, `volume status`, `peer status` and `pool list` as XML. Schemas: cli/src/cli-xml-output.c. All throw with the reason. */
import { brick } from '../../harness/index.ts';
import type { BrickClient, BrickId, Peer, StatusRow, VolumeInfo, VolumeStatus } from '../../harness/index.ts';
import { count } from './seen.ts';
import { all, cliOutput, maybe, numberOf, only, textOf } from './xml.ts';
import type { Element } from './xml.ts';

/** The one volume of that name. */
export function parseVolumeInfo(xml: string, volume: string): VolumeInfo {
  const found = named(all(only(only(cliOutput(xml), 'volInfo'), 'volumes'), 'volume'), 'name', volume);
  const bricks = all(only(found, 'bricks'), 'brick').map((one) => ({
    brick: brick(textOf(one, 'name')),
    uuid: textOf(one, 'hostUuid'),
    arbiter: maybe(one, 'isArbiter') === '1',
  }));
  const announced = numberOf(found, 'brickCount');
  if (bricks.length !== announced)
    throw new Error(`brickCount is ${announced}, but ${bricks.length} bricks are listed`);
  const options = all(all(found, 'options')[0] ?? found, 'option');
  return {
    name: volume,
    id: textOf(found, 'id'),
    status: textOf(found, 'statusStr'),
    typeName: textOf(found, 'typeStr'),
    replicaCount: numberOf(found, 'replicaCount'),
    arbiterCount: numberOf(found, 'arbiterCount'),
    bricks,
    options: Object.fromEntries(options.map((one) => [textOf(one, 'name'), textOf(one, 'value')])),
  };
}

/**
 * Rows as printed. A node whose glusterd does not answer has no rows, and nothing is made up for it. A brick that is down has port
 * `N/A` and pid -1.
 */
export function parseVolumeStatus(xml: string, volume: string): VolumeStatus {
  const found = named(all(only(only(cliOutput(xml), 'volStatus'), 'volumes'), 'volume'), 'volName', volume);
  const rows = all(found, 'node').map((one) => statusRow(one));
  const tasks = all(all(found, 'tasks')[0] ?? found, 'task');
  return {
    rows,
    tasks: tasks.map((one) => ({ type: textOf(one, 'type'), status: textOf(one, 'statusStr') })),
  };
}

function statusRow(one: Element): StatusRow {
  const host = textOf(one, 'hostname');
  const path = textOf(one, 'path');
  const status = textOf(one, 'status');
  if (status !== '0' && status !== '1') throw new Error(`status of ${host} is "${status}", neither 0 nor 1`);
  const isBrick = path.startsWith('/');
  const kind = isBrick ? 'brick' : host === 'Self-heal Daemon' ? 'self-heal' : 'other';
  return {
    kind,
    name: isBrick ? `${host}:${path}` : host,
    uuid: maybe(one, 'peerid') ?? '',
    online: status === '1',
    port: positive(maybe(one, 'port')),
    pid: positive(maybe(one, 'pid')),
  };
}

function positive(text: string | undefined): number | undefined {
  const value = count(text);
  return value === undefined || value === 0 ? undefined : value;
}

/** `volume status V clients`: of each brick its clients, as `HOST:PORT`. A brick that is down has none, and is left out. */
export function parseClients(xml: string): {
  readonly bricks: readonly { readonly brick: BrickId; readonly clients: readonly BrickClient[] }[];
} {
  const volumes = all(only(only(cliOutput(xml), 'volStatus'), 'volumes'), 'volume');
  const rows = volumes
    .flatMap((one) => all(one, 'node'))
    .filter((one) => textOf(one, 'path').startsWith('/'));
  return {
    bricks: rows
      .filter((one) => textOf(one, 'status') === '1')
      .map((one) => ({
        brick: brick(`${textOf(one, 'hostname')}:${textOf(one, 'path')}`),
        clients: all(only(one, 'clientsStatus'), 'client').map((client) => brickClient(client)),
      })),
  };
}

function brickClient(one: Element): BrickClient {
  const name = textOf(one, 'hostname');
  const colon = name.lastIndexOf(':');
  const port = count(name.slice(colon + 1));
  if (colon < 1 || port === undefined) throw new Error(`the client "${name}" is no HOST:PORT`);
  return { host: name.slice(0, colon), port, opVersion: numberOf(one, 'opVersion') };
}

/** The other nodes; the node itself is not listed. */
export function parsePeers(xml: string): { readonly peers: readonly Peer[] } {
  return { peers: all(only(cliOutput(xml), 'peerStatus'), 'peer').map((one) => peer(one)) };
}

/** All nodes, the one itself as `localhost`, which has no state: it is in its own cluster. */
export function parsePool(xml: string): { readonly members: readonly Peer[] } {
  const members = all(only(cliOutput(xml), 'peerStatus'), 'peer').map((one) => peer(one));
  if (members.length === 0) throw new Error('the pool list is empty; it must hold the node itself at least');
  return { members };
}

function peer(one: Element): Peer {
  const hostname = textOf(one, 'hostname');
  const connected = textOf(one, 'connected');
  if (connected !== '0' && connected !== '1') {
    throw new Error(`connected of peer ${hostname} is "${connected}", neither 0 nor 1`);
  }
  const local = hostname === 'localhost' && maybe(one, 'state') === undefined;
  return {
    uuid: textOf(one, 'uuid'),
    hostname,
    connected: connected === '1',
    state: local ? 3 : numberOf(one, 'state'),
    stateName: local ? 'this node' : textOf(one, 'stateStr'),
  };
}

function named(volumes: readonly Element[], key: string, volume: string): Element {
  const found = volumes.find((one) => maybe(one, key) === volume);
  if (found !== undefined) return found;
  const others = volumes.map((one) => maybe(one, key) ?? '?').join(', ');
  throw new Error(`the answer is not about volume ${volume} but about ${others || 'none'}`);
}
