/**
 * What a gate looks at: one look at a site, node by node. Every fact is `Seen`: what was asked for and could not be had says why,
 * and no condition may read it as zero. The lab and a real cluster fill the same types (lab/gluster).
 */
import type { BrickFacts, HealInfoBrick, Seen } from '../model/facts.ts';
import type { BrickId, NodeName } from '../model/names.ts';
import type {
  BrickClient,
  BrickStorage,
  LogFacts,
  NodeConfig,
  ProcessFacts,
  Reach,
} from './process-facts.ts';
import type {
  Automation,
  BackupFacts,
  ClusterQuorum,
  GuestFacts,
  RouterRoles,
  Surroundings,
} from './site-facts.ts';

/**
 * How much is asked of the site. `fast`: raw files only, no glusterd, no cluster lock. `full`: also the CLI of every node and the
 * extended attributes of VM images. `deep`: also content hashes.
 */
export type Profile = 'fast' | 'full' | 'deep';

/** The bricks that hold the same files. */
export interface ReplicaSet {
  /** As the volfile names it, such as `vmstore-replicate-0`. */
  readonly name: string;
  readonly bricks: readonly SetBrick[];
  /** The client's quorum as the volfile has it; undefined when the volfile leaves it to GlusterFS's default. */
  readonly quorumType: string | undefined;
  readonly quorumCount: number | undefined;
}

export interface SetBrick {
  readonly brick: BrickId;
  /** The client translator that talks to it, such as `vmstore-client-0`. */
  readonly client: string;
  /** The attribute by which the other bricks accuse it, such as `trusted.afr.vmstore-client-0`. */
  readonly accusedAs: string;
  readonly arbiter: boolean;
}

export interface NodeIdentity {
  /** glusterd's UUID of this node. */
  readonly uuid: string;
  /** Changes with every boot. */
  readonly bootId: string;
  readonly uptimeMs: number;
  /** The node's own clock when it answered. */
  readonly epochMs: number;
}

export interface VolumeInfo {
  readonly name: string;
  readonly id: string;
  /** `Started` or what it says instead. */
  readonly status: string;
  readonly typeName: string;
  readonly replicaCount: number;
  readonly arbiterCount: number;
  readonly bricks: readonly { readonly brick: BrickId; readonly uuid: string; readonly arbiter: boolean }[];
  readonly options: Readonly<Record<string, string>>;
}

export interface Peer {
  readonly uuid: string;
  readonly hostname: string;
  readonly connected: boolean;
  /** 3 = in the cluster. */
  readonly state: number;
  readonly stateName: string;
}

/** One row of `volume status`. A process that is not listed has no row; nothing here is made up for it. */
export interface StatusRow {
  readonly kind: 'brick' | 'self-heal' | 'other';
  /** A brick id for bricks, else the service's name. */
  readonly name: string;
  readonly uuid: string;
  readonly online: boolean;
  /** Undefined where the CLI prints `N/A` or -1. */
  readonly port: number | undefined;
  readonly pid: number | undefined;
}

export interface VolumeStatus {
  readonly rows: readonly StatusRow[];
  readonly tasks: readonly { readonly type: string; readonly status: string }[];
}

/** One brick in `heal info summary`. */
export interface HealSummaryBrick {
  readonly brick: BrickId;
  readonly status: string;
  readonly counts: Seen<{
    readonly total: number;
    readonly pending: number;
    readonly splitBrain: number;
    readonly possiblyHealing: number;
  }>;
}

/** One FUSE mount of the volume, from the client's own tables under `.meta`. */
export interface MountFacts {
  readonly path: string;
  readonly clients: Seen<{
    readonly bricks: readonly { readonly client: string; readonly connected: boolean }[];
    readonly sets: readonly {
      readonly set: string;
      /** In the order of the volfile's subvolumes. */
      readonly childUp: readonly boolean[];
      /** The quorum that the running client really uses. */
      readonly quorumType: string;
      readonly quorumCount: number | undefined;
    }[];
  }>;
}

/** What one node said. A node that could not be reached has every field not seen, with the reason. */
export interface NodeFacts {
  readonly node: NodeName;
  readonly tookMs: number;
  readonly identity: Seen<NodeIdentity>;
  /** From the node's own copy of the client's volfile. */
  readonly layout: Seen<{ readonly sets: readonly ReplicaSet[] }>;
  /** Bricks whose host is this node, from glusterd's files. */
  readonly localBricks: Seen<{ readonly bricks: readonly BrickId[] }>;
  readonly mounts: Seen<{ readonly mounts: readonly MountFacts[] }>;
  readonly info: Seen<VolumeInfo>;
  readonly peers: Seen<{ readonly peers: readonly Peer[] }>;
  readonly pool: Seen<{ readonly members: readonly Peer[] }>;
  readonly status: Seen<VolumeStatus>;
  /** Text of `heal info`: the only place where a split-brain is marked. */
  readonly healInfo: Seen<{ readonly bricks: readonly HealInfoBrick[] }>;
  /** The same command's XML. */
  readonly healInfoXml: Seen<{ readonly bricks: readonly HealInfoBrick[] }>;
  readonly splitBrain: Seen<{ readonly bricks: readonly HealInfoBrick[] }>;
  /** What only some gates ask for; everything else says that it was not asked. */
  readonly extra: Extras;
}

/** Facts that a look holds only when a condition of the gate asks for them (`Condition.asks`). */
export interface Extras {
  readonly processes: Seen<ProcessFacts>;
  /** Every volume that the node’s glusterd has a record of. */
  readonly volumes: Seen<{ readonly list: readonly { readonly name: string; readonly started: boolean }[] }>;
  readonly storage: Seen<{ readonly bricks: readonly BrickStorage[] }>;
  readonly config: Seen<NodeConfig>;
  readonly logs: Seen<LogFacts>;
  readonly reach: Seen<{ readonly tried: readonly Reach[] }>;
  /** Of one node only: the command takes the volume's lock. */
  readonly clients: Seen<{
    readonly bricks: readonly { readonly brick: BrickId; readonly clients: readonly BrickClient[] }[];
  }>;
  readonly cluster: Seen<ClusterQuorum>;
  readonly automation: Seen<Automation>;
  readonly guests: Seen<GuestFacts>;
  readonly backups: Seen<BackupFacts>;
  readonly roles: Seen<RouterRoles>;
}

export type Extra = keyof Extras | keyof Surroundings | 'sums';

/** One look at the whole site. */
export interface GateFacts {
  /** Host epoch when the look began. */
  readonly atMs: number;
  readonly tookMs: number;
  readonly volume: string;
  readonly profile: Profile;
  readonly nodes: readonly NodeFacts[];
  /** Nodes that were asked to run `heal info`: asking all of them would only load the bricks. */
  readonly healWitnesses: readonly NodeName[];
  /**
   * Why `heal info` was left out on purpose: other facts of this look keep the gate shut anyway, and the walk would take long and load
   * the bricks. Never set when everything else could let the gate open.
   */
  readonly healLeftOut: string | undefined;
  /** Every brick of the layout, read directly on its node; empty only when no node could tell the layout. */
  readonly bricks: readonly BrickFacts[];
  /** Which files `bricks[].files` had to hold: VM images and their parents, and all shards. Not seen in profile `fast`. */
  readonly audited: Seen<{ readonly images: readonly string[]; readonly patterns: readonly string[] }>;
  /** Which audited files were read to the end, on every brick, for `FileOnBrick.sha256`; not seen unless asked for. */
  readonly sums: Seen<{ readonly comparedBytes: number; readonly skippedBytes: number }>;
  readonly surroundings: Surroundings;
}
