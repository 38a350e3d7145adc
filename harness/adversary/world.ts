/**
 * A cluster as the gate adversary makes it up: what is really true, node by node and file by file. What each `gluster` command
 * answers is worked out from it (answers.ts), lies included, so that all answers of one state belong to one truth.
 */
import type { Gfid, NodeName } from '../model/names.ts';
import type { CliAnswer, CliQuestion } from './answer.ts';

/** Names that the gate under attack will meet. */
export interface AttackSite {
  readonly nodes: readonly [NodeName, NodeName, NodeName];
  /** The node that is asked about: may it go down? */
  readonly asked: NodeName;
  readonly volume: string;
  /** Brick directory, the same on every node. */
  readonly brickPath: string;
  readonly mount: string;
}

/** The three nodes by the part they play. The gate runs on `here`. */
export interface Cast {
  readonly here: NodeName;
  readonly asked: NodeName;
  readonly third: NodeName;
}

export interface Machine {
  readonly power: 'on' | 'off';
  readonly glusterd: 'up' | 'stopped';
  /** `stuck`: runs, is listed as online, and does nothing. */
  readonly selfHeal: 'up' | 'dead' | 'stuck';
  /** `hung`: the process is there and answers nobody. */
  readonly brick: 'up' | 'dead' | 'hung';
  /** The others refuse it as a member after an upgrade: checksums differ. */
  readonly rejected: boolean;
  /** Nodes that it can't talk to over the storage network; both ends must say so. */
  readonly cutFrom: readonly NodeName[];
  /** Bricks (by node) that the FUSE client on this machine lost. */
  readonly mountLost: readonly NodeName[];
}

/** One file on the volume. */
export interface WorldFile {
  readonly path: string;
  readonly gfid: Gfid;
  readonly size: number;
  /** Who accuses whom of having missed a write of data. */
  readonly accusations: readonly { readonly by: NodeName; readonly of: NodeName }[];
  readonly dirtyOn: readonly NodeName[];
  /** A live writer holds its lock: `heal info` does not list it for being dirty (afr-common.c `afr_update_heal_status`). */
  readonly locked: boolean;
  /** False: the accusing bricks' index does not have it, so no listing shows it (measured: cyclic blame, shard without a link). */
  readonly indexed: boolean;
  /** Text of `heal info` says "Is in split-brain" while all bricks are connected. */
  readonly splitBrain: boolean;
  /** One of many like it: only the index names it, no copy of it is laid out. */
  readonly bulk: boolean;
}

/** What an answer becomes on its way: nothing but the answer changes, the truth stays. */
export type Distort = (answer: CliAnswer, question: CliQuestion, view: NodeName) => CliAnswer;

export interface World {
  readonly site: AttackSite;
  readonly machines: ReadonlyMap<NodeName, Machine>;
  readonly files: readonly WorldFile[];
  readonly options: Readonly<Record<string, string>>;
  /** Further volumes, healthy, listed before the one that is asked about. */
  readonly otherVolumes: readonly string[];
  /** Seconds that each command takes, on top of what the state of the bricks costs. */
  readonly slowSeconds: number;
  readonly distort: Distort;
}

const WELL: Machine = {
  power: 'on',
  glusterd: 'up',
  selfHeal: 'up',
  brick: 'up',
  rejected: false,
  cutFrom: [],
  mountLost: [],
};

export const DEFAULT_SITE = {
  nodes: ['pve1', 'pve2', 'pve3'] as unknown as AttackSite['nodes'],
  asked: 'pve2' as NodeName,
  volume: 'vmstore',
  brickPath: '/bricks/vmstore/brick',
  mount: '/mnt/pve/vmstore',
} satisfies AttackSite;

/** The first two nodes that are not asked about, in order. Throws when the node is none of the site's. */
export function castOf({ nodes, asked }: AttackSite): Cast {
  const [here, third] = nodes.filter((one) => one !== asked);
  if (here === undefined || third === undefined || !nodes.includes(asked)) {
    throw new Error(`${asked} is not one of the three different nodes ${nodes.join(', ')}`);
  }
  return { here, asked, third };
}

/** Options as the group `virt` sets them, as far as a gate may ask for them. */
const VIRT: Readonly<Record<string, string>> = {
  'cluster.granular-entry-heal': 'on',
  'cluster.quorum-type': 'auto',
  'cluster.server-quorum-type': 'server',
  'cluster.self-heal-daemon': 'on',
  'cluster.eager-lock': 'enable',
  'features.shard': 'on',
  'network.ping-timeout': '20',
};

/** Everything well, nobody writing. */
export function healthy(site: AttackSite): World {
  return {
    site,
    machines: new Map(site.nodes.map((one) => [one, WELL])),
    files: IMAGES.map((path, index) => file(path, index + 1)),
    options: VIRT,
    otherVolumes: [],
    slowSeconds: 0,
    distort: (answer) => answer,
  };
}

/** The routers' disks: base file and one shard each. */
const IMAGES = [101, 102].flatMap((vmid, index) => [
  `/images/${vmid}/vm-${vmid}-disk-0.raw`,
  `/.shard/${gfidOf(index * 2 + 1)}.1`,
]);

/** A made-up id; `index` counts from 1. */
export function gfidOf(index: number): Gfid {
  return `5ca1ab1e-0000-4000-8000-${index.toString(16).padStart(12, '0')}` as Gfid;
}

function file(path: string, index: number): WorldFile {
  return {
    path,
    gfid: gfidOf(index),
    size: 65_536,
    accusations: [],
    dirtyOn: [],
    locked: false,
    indexed: true,
    splitBrain: false,
    bulk: false,
  };
}

export function withMachine(world: World, node: NodeName, change: Partial<Machine>): World {
  const machines = new Map(world.machines).set(node, { ...machineOf(world, node), ...change });
  return { ...world, machines };
}

/** Changes the first `count` of the disks' files. */
export function withDiskFiles(world: World, count: number, change: Partial<WorldFile>): World {
  return {
    ...world,
    files: world.files.map((one, index) => (index < count ? { ...one, ...change } : one)),
  };
}

/** Adds `count` small files that `by` hold against `of`. */
export function withBacklog(
  world: World,
  count: number,
  by: readonly NodeName[],
  of: readonly NodeName[],
): World {
  const accusations = by.flatMap((one) => of.map((other) => ({ by: one, of: other })));
  const added = Array.from({ length: count }, (_, index): WorldFile => {
    const number = world.files.length + index + 1;
    return { ...file(`/customers/file-${number}.dat`, number), accusations, bulk: true };
  });
  return { ...world, files: [...world.files, ...added] };
}

export function machineOf(world: World, node: NodeName): Machine {
  const found = world.machines.get(node);
  if (found === undefined)
    throw new Error(`${node} is not one of the nodes ${[...world.machines.keys()].join(', ')}`);
  return found;
}

/** Made-up glusterd ids, one digit per node. */
export function uuidOf(world: World, node: NodeName): string {
  const digit = String(world.site.nodes.indexOf(node) + 1);
  return `${digit.repeat(8)}-${digit.repeat(4)}-4${digit.repeat(3)}-8${digit.repeat(3)}-${digit.repeat(12)}`;
}

export const brickOf = (world: World, node: NodeName): string => `${node}:${world.site.brickPath}`;
