/** A whole site of three nodes in one look, to be broken in one place by a test. */
import type { BrickFacts, FileOnBrick } from '../model/facts.ts';
import { brick, gfid, node } from '../model/names.ts';
import type { Gfid } from '../model/names.ts';
import { extrasOf, SURROUNDINGS } from './extras.fixture.ts';
import type { Extras, GateFacts, NodeFacts, Peer, ReplicaSet } from './facts.ts';

export const NAMES = ['pve1', 'pve2', 'pve3'] as const;
export const idOf = (name: string): ReturnType<typeof brick> => brick(`${name}:/b`);
export const IMAGE = '/images/101/vm-101-disk-0.raw';
export const IMAGE_GFID = gfid('15af3701-d845-44e2-875d-16b4e04fb4df') as Gfid;

export const SET: ReplicaSet = {
  name: 'v-replicate-0',
  bricks: NAMES.map((name, index) => ({
    brick: idOf(name),
    client: `v-client-${index}`,
    accusedAs: `trusted.afr.v-client-${index}`,
    arbiter: false,
  })),
  quorumType: 'auto',
  quorumCount: undefined,
};

const peer = (name: string): Peer => ({
  uuid: `uuid-${name}`,
  hostname: name,
  connected: true,
  state: 3,
  stateName: 'Peer in Cluster',
});

export const image = (xattrs: Readonly<Record<string, string>> = {}): FileOnBrick => ({
  path: IMAGE,
  type: 'file',
  size: 4096,
  mtimeMs: 0,
  ctimeMs: 0,
  mode: '644',
  uid: 0,
  gid: 0,
  xattrs: { 'trusted.gfid': IMAGE_GFID.replaceAll('-', ''), ...xattrs },
  sha256: 'a'.repeat(64),
});

type ReadBrick = Extract<BrickFacts, { readonly seen: true }>;

export const brickOf = (name: string, change: Partial<ReadBrick> = {}): BrickFacts => ({
  brick: idOf(name),
  arbiter: false,
  accusedAs: `trusted.afr.v-client-${NAMES.findIndex((one) => one === name)}`,
  seen: true,
  atMs: 0,
  files: [image()],
  index: { seen: true, xattrop: 0, dirty: 0, entryChanges: 0 },
  indexGfids: { xattrop: [], dirty: [], entryChanges: [] },
  ...change,
});

const zero = { seen: true, count: 0 } as const;
const listing = {
  seen: true,
  bricks: NAMES.map((name) => ({
    brick: idOf(name),
    connected: true,
    status: 'Connected',
    entries: zero,
    inSplitBrain: [],
    listed: [],
  })),
} as const;

export const nodeOf = (name: string, change: Partial<NodeFacts> = {}): NodeFacts => ({
  node: node(name),
  tookMs: 1,
  identity: { seen: true, uuid: `uuid-${name}`, bootId: `boot-${name}`, uptimeMs: 3_600_000, epochMs: 0 },
  layout: { seen: true, sets: [SET] },
  localBricks: { seen: true, bricks: [idOf(name)] },
  mounts: {
    seen: true,
    mounts: [
      {
        path: '/mnt',
        clients: {
          seen: true,
          bricks: SET.bricks.map((one) => ({ client: one.client, connected: true })),
          sets: [{ set: SET.name, childUp: [true, true, true], quorumType: 'auto', quorumCount: undefined }],
        },
      },
    ],
  },
  info: {
    seen: true,
    name: 'v',
    id: 'id',
    status: 'Started',
    typeName: 'Replicate',
    replicaCount: 3,
    arbiterCount: 0,
    bricks: NAMES.map((one) => ({ brick: idOf(one), uuid: `uuid-${one}`, arbiter: false })),
    options: { 'cluster.server-quorum-type': 'server' },
  },
  peers: { seen: true, peers: NAMES.filter((one) => one !== name).map((one) => peer(one)) },
  pool: { seen: true, members: NAMES.map((one) => peer(one)) },
  status: {
    seen: true,
    rows: NAMES.flatMap((one) => [
      { kind: 'brick', name: idOf(one), uuid: `uuid-${one}`, online: true, port: 5, pid: 5 } as const,
      {
        kind: 'self-heal',
        name: 'Self-heal Daemon',
        uuid: `uuid-${one}`,
        online: true,
        port: undefined,
        pid: 6,
      } as const,
    ]),
    tasks: [],
  },
  healInfo: listing,
  healInfoXml: listing,
  splitBrain: listing,
  extra: extrasOf(name),
  ...change,
});

export const site = (change: Partial<GateFacts> = {}): GateFacts => ({
  atMs: 0,
  tookMs: 1,
  volume: 'v',
  profile: 'full',
  nodes: NAMES.map((name) => nodeOf(name)),
  healWitnesses: [node('pve1'), node('pve2')],
  healLeftOut: undefined,
  bricks: NAMES.map((name) => brickOf(name)),
  audited: { seen: true, images: [IMAGE], patterns: ['images/*/*'] },
  sums: { seen: true, comparedBytes: 12_288, skippedBytes: 0 },
  surroundings: SURROUNDINGS,
  ...change,
});

/** The whole site with one node's facts changed. */
export const withNode = (name: string, change: Partial<NodeFacts>): GateFacts =>
  site({ nodes: NAMES.map((one) => nodeOf(one, one === name ? change : {})) });

/** The whole site with one brick's facts changed. */
export const withBrick = (name: string, change: Partial<ReadBrick>): GateFacts =>
  site({ bricks: NAMES.map((one) => brickOf(one, one === name ? change : {})) });

/** The whole site with one node's extra facts changed. */
export const withExtra = (name: string, change: Partial<Extras>): GateFacts =>
  withNode(name, { extra: { ...extrasOf(name), ...change } });
