/** What can be seen of a site at one moment. Every fact says when it was seen; what could not be seen is said too, never left out. */
import type { BrickId, Gfid, NodeName, RouterName } from './names.ts';

/** Something that was asked for and was not seen, with the reason. */
export interface NotSeen {
  readonly seen: false;
  readonly because: string;
}
export type Seen<T> = ({ readonly seen: true } & T) | NotSeen;

/** One closed range of record numbers, both ends included. */
export type Range = readonly [first: number, last: number];

/** What the scan of a router's disk (one brick's copy of it, or through a mount) found. */
export type DiskScan = Seen<{
  /** Numbers of intact records, ascending, disjoint. */
  readonly ranges: readonly Range[];
  readonly bad: number;
  readonly torn: number;
  /** Set when reading stopped half-way. */
  readonly error?: { readonly errno: string; readonly atBytes: number };
}>;

/** The raw index of one brick: names under `.glusterfs/indices`, base files left out. */
export type IndexCounts = Seen<{
  readonly xattrop: number;
  readonly dirty: number;
  readonly entryChanges: number;
}>;

/** One file as one brick holds it. Words are hex without `0x`, exactly as `getfattr -e hex` printed them. */
export interface FileOnBrick {
  /** Path below the brick root, such as `/images/101/vm-101-disk-0.raw` or `/.shard/<gfid>.3`. */
  readonly path: string;
  readonly type: 'file' | 'directory' | 'symlink' | 'other';
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
  readonly xattrs: Readonly<Record<string, string>>;
  /** sha256 of the content when it was asked for. */
  readonly sha256?: string;
}

export type BrickFacts = {
  readonly brick: BrickId;
  readonly arbiter: boolean;
  /** The attribute name that accuses this brick, from the volfile's `afr-pending-xattr`, such as `trusted.afr.vmstore-client-0`. */
  readonly accusedAs: string;
} & Seen<{
  readonly atMs: number;
  readonly files: readonly FileOnBrick[];
  readonly index: IndexCounts;
  readonly indexGfids: {
    readonly xattrop: readonly Gfid[];
    readonly dirty: readonly Gfid[];
    readonly entryChanges: readonly string[];
  };
}>;

/** What one `gluster volume heal V info` said, kept as a second witness. */
export interface HealInfoBrick {
  readonly brick: BrickId;
  readonly connected: boolean;
  readonly status: string;
  readonly entries: Seen<{ readonly count: number }>;
  readonly inSplitBrain: readonly string[];
  readonly listed: readonly string[];
}

/** All that was seen of the volume at one moment, from every brick and from the CLI. */
export interface VolumeSnapshot {
  readonly label: string;
  readonly bricks: readonly BrickFacts[];
  readonly cli: Seen<{ readonly from: NodeName; readonly healInfo: readonly HealInfoBrick[] }>;
  /** Router disks as each brick and each mount holds them. */
  readonly disks: readonly {
    readonly router: RouterName;
    readonly image: string;
    readonly via: { readonly brick: BrickId } | { readonly mount: NodeName };
    readonly scan: DiskScan;
  }[];
  /** Customer files read through a mount against the checksums taken when they were written. */
  readonly customerFiles: Seen<{
    readonly intact: number;
    readonly damaged: readonly string[];
    readonly unreadable: readonly string[];
  }>;
}
