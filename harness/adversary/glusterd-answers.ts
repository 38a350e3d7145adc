/** `volume info`, `volume status`, `volume get`, `peer status`, `pool list`, as text and as XML (cli/src/cli-rpc-ops.c, cli-xml-output.c). */
import type { NodeName } from '../model/names.ts';
import { failed, said } from './answer.ts';
import type { CliAnswer, CliQuestion } from './answer.ts';
import { listedBy, peered } from './sight.ts';
import { brickOf, machineOf, uuidOf } from './world.ts';
import type { World } from './world.ts';
import { element, xmlFile } from './xml.ts';

const RULE = '-'.repeat(78);

export const volumesOf = (world: World): readonly string[] => [...world.otherVolumes, world.site.volume];

export function volumeList(world: World, xml: boolean): CliAnswer {
  const names = volumesOf(world);
  if (!xml) return said(names.map((one) => `${one}\n`).join(''));
  const all = names.map((one) => element('volume', one)).join('');
  return said(xmlFile(element('volList', element('count', String(names.length)) + all)));
}

export function volumeInfo(world: World, xml: boolean): CliAnswer {
  return said(
    xml
      ? xmlFile(element('volInfo', element('volumes', infoXml(world) + element('count', '1'))))
      : infoText(world),
  );
}

const ID = '0d15ea5e-0000-4000-8000-000000000001';

function infoText(world: World): string {
  const { volume, nodes } = world.site;
  const bricks = nodes.map((one, index) => `Brick${index + 1}: ${brickOf(world, one)}\n`).join('');
  const options = Object.entries(world.options)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('');
  return `
Volume Name: ${volume}
Type: Replicate
Volume ID: ${ID}
Status: Started
Snapshot Count: 0
Number of Bricks: 1 x 3 = 3
Transport-type: tcp
Bricks:
${bricks}Options Reconfigured:
${options}`;
}

function infoXml(world: World): string {
  const fields: readonly (readonly [string, string])[] = [
    ['name', world.site.volume],
    ['id', ID],
    ['status', '1'],
    ['statusStr', 'Started'],
    ['snapshotCount', '0'],
    ['brickCount', '3'],
    ['distCount', '1'],
    ['replicaCount', '3'],
    ['arbiterCount', '0'],
    ['disperseCount', '0'],
    ['redundancyCount', '0'],
    ['type', '2'],
    ['typeStr', 'Replicate'],
    ['transport', '0'],
  ];
  const bricks = world.site.nodes.map((one) => {
    const name = brickOf(world, one);
    const uuid = uuidOf(world, one);
    const inner = element('name', name) + element('hostUuid', uuid) + element('isArbiter', '0');
    return `<brick uuid="${uuid}">${name}${inner}</brick>`;
  });
  const options = Object.entries(world.options).map(([name, value]) =>
    element('option', element('name', name), element('value', value)),
  );
  return element(
    'volume',
    ...fields.map(([name, value]) => element(name, value)),
    element('bricks', ...bricks),
    element('optCount', String(options.length)),
    element('options', ...options),
  );
}

interface Row {
  readonly what: string;
  /** XML's `hostname` and `path`. */
  readonly host: string;
  readonly path: string;
  readonly uuid: string;
  readonly port: number | undefined;
  readonly pid: number;
  readonly online: boolean;
}

/** Bricks first, then self-heal daemons; without the daemon's option there are none. */
function rows(world: World, view: NodeName): readonly Row[] {
  const listed = listedBy(world, view);
  const number = (node: NodeName): number => world.site.nodes.indexOf(node);
  const bricks = listed.map((one): Row => {
    const online = machineOf(world, one).brick !== 'dead';
    const uuid = uuidOf(world, one);
    const common = { host: one, path: world.site.brickPath, uuid, pid: 1200 + number(one), online };
    return { what: `Brick ${brickOf(world, one)}`, ...common, port: 49_152 + number(one) };
  });
  if (world.options['cluster.self-heal-daemon'] === 'off') return bricks;
  const daemons = listed.map((one): Row => {
    const where = one === view ? 'localhost' : one;
    const online = machineOf(world, one).selfHeal !== 'dead';
    const common = {
      path: where,
      uuid: uuidOf(world, one),
      port: undefined,
      pid: 1300 + number(one),
      online,
    };
    return { what: `Self-heal Daemon on ${where}`, host: 'Self-heal Daemon', ...common };
  });
  return [...bricks, ...daemons];
}

export function volumeStatus(world: World, view: NodeName, question: CliQuestion): CliAnswer {
  const found = rows(world, view);
  if (question.xml) return said(xmlFile(statusXml(world, question, found)));
  switch (question.topic) {
    case 'volume-status-detail':
      return said(detailText(world, found));
    case 'volume-status-clients':
      return said(clientsText(world, found));
    case 'volume-status-tasks':
      return said(tasksText(world));
    default:
      return said(statusText(world, found));
  }
}

function statusText(world: World, found: readonly Row[]): string {
  const lines = found.map(({ what, port, online, pid }) => {
    const cells = online
      ? [String(port ?? 'N/A'), port === undefined ? 'N/A' : '0', 'Y', String(pid)]
      : ['N/A', 'N/A', 'N', 'N/A'];
    const [tcp = '', rdma = '', yes = '', id = ''] = cells;
    // A name that is too long for its column goes on in the next line, as gluster does it.
    const name = what.length > 43 ? `${what.slice(0, 43)}\n${what.slice(43).padEnd(44)}` : what.padEnd(44);
    return `${name}${tcp.padEnd(10)}${rdma.padEnd(11)}${yes.padEnd(8)}${id.padEnd(5)}\n`;
  });
  return `Status of volume: ${world.site.volume}
Gluster process                             TCP Port  RDMA Port  Online  Pid
${RULE}
${lines.join('')} 
${tasksText(world)}`;
}

const tasksText = (world: World): string => `Task Status of Volume ${world.site.volume}
${RULE}
There are no active volume tasks
 
`;

function detailText(world: World, found: readonly Row[]): string {
  const blocks = found
    .filter((one) => one.port !== undefined)
    .map(
      ({ what, port, online, pid }) => `${RULE}
Brick                : ${what}
TCP Port             : ${online ? port : 'N/A'}
RDMA Port            : ${online ? 0 : 'N/A'}
Online               : ${online ? 'Y' : 'N'}
Pid                  : ${online ? pid : 'N/A'}
File System          : xfs
Disk Space Free      : 812.4GB
Total Disk Space     : 1.8TB
Inode Count          : 195350528
Free Inodes          : 195310000
`,
    );
  return `Status of volume: ${world.site.volume}\n${blocks.join('')} \n`;
}

function clientsText(world: World, found: readonly Row[]): string {
  const blocks = found
    .filter((one) => one.port !== undefined)
    .map(({ what, online }) => {
      const clients = online
        ? world.site.nodes.map((one) => `${one}:49140        0        0     100000\n`)
        : [];
      return `${RULE}\n${what}\nClients connected : ${clients.length}\n${clients.join('')}`;
    });
  return `Client connections for volume ${world.site.volume}\n${blocks.join('')}${RULE}\n`;
}

function statusXml(world: World, { topic }: CliQuestion, found: readonly Row[]): string {
  const nodes = found.map(({ host, path, uuid, port, pid, online }) =>
    element(
      'node',
      element('hostname', host),
      element('path', path),
      element('peerid', uuid),
      element('status', online ? '1' : '0'),
      element('port', online ? String(port ?? 'N/A') : 'N/A'),
      element(
        'ports',
        element('tcp', online ? String(port ?? 'N/A') : 'N/A'),
        element('rdma', port === undefined || !online ? 'N/A' : '0'),
      ),
      element('pid', online ? String(pid) : '-1'),
    ),
  );
  const volName = element('volName', world.site.volume);
  const shown = topic === 'volume-status-tasks' ? [] : [element('nodeCount', String(nodes.length)), ...nodes];
  return element('volStatus', element('volumes', element('volume', volName, ...shown, element('tasks'))));
}

export function volumeGet(world: World, xml: boolean): CliAnswer {
  const options = Object.entries({ 'cluster.op-version': '100000', ...world.options });
  if (!xml) {
    const lines = options.map(([name, value]) => `${name.padEnd(40)}${value.padEnd(40)}\n`);
    const head = `${'Option'.padEnd(40)}${'Value'.padEnd(40)}\n${'------'.padEnd(40)}${'-----'.padEnd(40)}\n`;
    return said(head + lines.join(''));
  }
  const all = options.map(([name, value]) =>
    element('Opt', element('Option', name), element('Value', value)),
  );
  return said(xmlFile(element('volGetopts', element('count', String(all.length)), ...all)));
}

interface PeerView {
  readonly name: string;
  readonly uuid: string;
  readonly connected: boolean;
  readonly state: string;
  readonly stateName: string;
}

function peers(world: World, view: NodeName): readonly PeerView[] {
  return world.site.nodes
    .filter((one) => one !== view)
    .map((one) => {
      const rejected = machineOf(world, one).rejected || machineOf(world, view).rejected;
      return {
        name: one,
        uuid: uuidOf(world, one),
        connected: peered(world, view, one),
        state: rejected ? '2' : '3',
        stateName: rejected ? 'Peer Rejected' : 'Peer in Cluster',
      };
    });
}

export function peerStatus(world: World, view: NodeName, xml: boolean): CliAnswer {
  const all = peers(world, view);
  if (xml) return said(xmlFile(element('peerStatus', ...all.map((one) => peerXml(one)))));
  const blocks = all.map(
    ({ name, uuid, connected, stateName }) =>
      `\nHostname: ${name}\nUuid: ${uuid}\nState: ${stateName} (${connected ? 'Connected' : 'Disconnected'})\n`,
  );
  return said(`Number of Peers: ${all.length}\n${blocks.join('')}`);
}

const peerXml = ({ name, uuid, connected, state, stateName }: PeerView): string =>
  element(
    'peer',
    element('uuid', uuid),
    element('hostname', name),
    element('hostnames', element('hostname', name)),
    element('connected', connected ? '1' : '0'),
    element('state', state),
    element('stateStr', stateName),
  );

export function poolList(world: World, view: NodeName, xml: boolean): CliAnswer {
  const all = peers(world, view);
  const self = uuidOf(world, view);
  if (xml) {
    const local = element(
      'peer',
      element('uuid', self),
      element('hostname', 'localhost'),
      element('connected', '1'),
    );
    return said(xmlFile(element('peerStatus', ...all.map((one) => peerXml(one)), local)));
  }
  const line = (uuid: string, name: string, connected: boolean): string =>
    `${uuid}\t${name.padEnd(9)}\t${connected ? 'Connected' : 'Disconnected'} \n`;
  const others = all.map(({ uuid, name, connected }) => line(uuid, name, connected));
  return said(`UUID\t\t\t\t\tHostname \tState\n${others.join('')}${line(self, 'localhost', true)}`);
}

/** What every command answers on a node whose own glusterd does not run (measured: the same with `--xml`). */
export const NO_GLUSTERD = failed('Connection failed. Please check if gluster daemon is operational.\n', 1);
