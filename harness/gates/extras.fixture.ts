/** The extra facts of a whole site of three nodes. Brick processes have pid and port 5, self-heal daemons pid 6, mounts pid 7. */
import { brick, node } from '../model/names.ts';
import type { Extras } from './facts.ts';
import type { Connection, Endpoint, GlusterProcess } from './process-facts.ts';
import type { Surroundings } from './site-facts.ts';
import type { SiteDescription } from './site-description.ts';

const NODES = ['pve1', 'pve2', 'pve3'] as const;
const addressOf = (index: number): string => `198.18.0.${11 + index}`;
const at = (index: number, port: number): Endpoint => ({ address: addressOf(index), port });
const UP_MS = 3_600_000;

const process = (change: Partial<GlusterProcess>): GlusterProcess => ({
  pid: 0,
  kind: 'other',
  brickPath: undefined,
  mountPoint: undefined,
  volume: undefined,
  state: 'S',
  ageMs: UP_MS,
  replacedOnDisk: false,
  listens: [],
  connections: [],
  ...change,
});

/** Client `base` of node `index` talks to every brick, from a port of its own each. */
const outbound = (index: number, base: number): readonly Connection[] =>
  NODES.map((_, to) => ({ local: at(index, base + to), peer: at(to, 5) }));
const inbound = (index: number, base: number): readonly Connection[] =>
  NODES.map((_, from) => ({ local: at(index, 5), peer: at(from, base + index) }));

const HEALER = 1000;
const MOUNT = 1100;
/** A host beside the nodes, such as one that only mounts the volume. */
export const STRANGER: Endpoint = { address: '198.18.0.21', port: 900 };

export const processesOf = (index: number): readonly GlusterProcess[] => [
  process({ pid: 4, kind: 'glusterd', listens: [24_007] }),
  process({
    pid: 5,
    kind: 'brick',
    brickPath: '/b',
    volume: 'v',
    listens: [5],
    connections: [
      ...inbound(index, HEALER),
      ...inbound(index, MOUNT),
      { local: at(index, 5), peer: STRANGER },
    ],
  }),
  process({ pid: 6, kind: 'self-heal', connections: outbound(index, HEALER) }),
  process({ pid: 7, kind: 'mount', mountPoint: '/mnt', volume: 'v', connections: outbound(index, MOUNT) }),
];

export const extrasOf = (name: string): Extras => ({ ...ofVolume(name), ...ofSite(name) });

function ofVolume(
  name: string,
): Pick<Extras, 'processes' | 'volumes' | 'storage' | 'config' | 'logs' | 'reach' | 'clients'> {
  const index = NODES.findIndex((one) => one === name);
  return {
    processes: { seen: true, list: processesOf(index), addresses: [addressOf(index)] },
    volumes: { seen: true, list: [{ name: 'v', started: true }] },
    storage: {
      seen: true,
      bricks: [
        {
          brick: brick(`${name}:/b`),
          storage: {
            seen: true,
            device: '/dev/sdb1',
            mountedOn: '/b',
            insideMount: undefined,
            fileSystem: 'xfs',
            readOnly: false,
            volumeId: 'ab',
            freeBytes: 50,
            totalBytes: 100,
            freeInodes: 50,
            totalInodes: 100,
          },
        },
      ],
    },
    config: {
      seen: true,
      checksum: '1',
      volumeId: 'ab',
      opVersion: 100_000,
      clientOpVersion: 30_800,
      installed: '10.3',
    },
    logs: {
      seen: true,
      logs: ['/var/log/glusterfs/glustershd.log'],
      lines: [],
      kernel: { seen: true, lines: [] },
    },
    reach: { seen: true, tried: NODES.map((host) => ({ host, port: 5, ok: true, tookMs: 1 })) },
    clients: {
      seen: true,
      bricks: [
        { brick: brick(`${name}:/b`), clients: [{ host: '198.18.0.11', port: 1000, opVersion: 100_000 }] },
      ],
    },
  };
}

function ofSite(name: string): Pick<Extras, 'cluster' | 'automation' | 'guests' | 'backups' | 'roles'> {
  const index = NODES.findIndex((one) => one === name);
  return {
    cluster: { seen: true, quorate: true, expectedVotes: 3, totalVotes: 3, quorum: 2, ownVotes: 1 },
    automation: {
      seen: true,
      system: 'running',
      goingDown: [],
      units: [{ name: 'apt-daily-upgrade.timer', enabled: 'masked', active: 'inactive' }],
      packaging: [],
    },
    guests: { seen: true, list: name === 'pve2' ? [] : [GUESTS[index === 0 ? 0 : 1]] },
    backups: {
      seen: true,
      folders: [
        {
          path: '/mnt/backup/dump',
          source: 'nas:/dump',
          fileSystem: 'nfs4',
          files: [101, 102].map((vmid) => ({ path: `/mnt/backup/dump/${vmid}`, vmid, bytes: 9, atMs: 0 })),
        },
      ],
    },
    roles: {
      seen: true,
      answers: [{ address: '198.18.1.1', mac: '52:54:00:00:00:01' }],
      learned: index === 0 ? [{ mac: '52:54:00:00:00:01', vmid: 101 }] : [],
    },
  };
}

/** router-a on pve1, router-b on pve3; nobody on pve2, which is asked about. */
const GUESTS = [
  { vmid: 101, name: 'router-a', status: 'running', qmpStatus: 'running' },
  { vmid: 102, name: 'router-b', status: 'running', qmpStatus: 'running' },
] as const;

export const SITE: SiteDescription = {
  routers: {
    guests: [
      { name: 'router-a', vmid: 101 },
      { name: 'router-b', vmid: 102 },
    ],
    addresses: ['198.18.1.1'],
  },
  backups: { folders: ['/mnt/backup/dump'], vmids: [101, 102], withinHours: 24 },
  outOfBand: [{ of: 'pve1', host: '198.18.2.1', port: 443 }],
  alerting: {
    alertmanager: 'http://198.18.3.1:9093',
    heartbeat: 'Watchdog',
    withinSeconds: 900,
    silences: ['own'],
  },
};

export const SURROUNDINGS: Surroundings = {
  lease: { seen: true, holder: undefined },
  outOfBand: { seen: true, tried: [{ of: 'pve1', where: '198.18.2.1:443', ok: true, said: '' }] },
  alerting: { seen: true, heartbeatAtMs: 0, silences: [] },
  canary: {
    seen: true,
    writtenOn: node('pve1'),
    writeMs: 5,
    reads: [
      { node: node('pve2'), same: true, tookMs: 2 },
      { node: node('pve3'), same: true, tookMs: 2 },
    ],
    deleted: true,
  },
};
