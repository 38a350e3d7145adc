/** What the kernel of a node knows of GlusterFS: processes, sockets, file systems. Nothing here was asked of glusterd, so no lock is taken. */
import type { Seen } from '../model/facts.ts';
import type { BrickId } from '../model/names.ts';

/** One end of a TCP connection. */
export interface Endpoint {
  /** IPv4 or IPv6 as the kernel prints it; an IPv4 address that is mapped into IPv6 is printed as IPv4. */
  readonly address: string;
  readonly port: number;
}

export interface Connection {
  readonly local: Endpoint;
  readonly peer: Endpoint;
}

/** A process of GlusterFS, or one that may use libgfapi: a hypervisor's guest process, a server that hands the volume on. */
export interface GlusterProcess {
  readonly pid: number;
  readonly kind: 'glusterd' | 'brick' | 'self-heal' | 'mount' | 'rebalance' | 'guest' | 'gateway' | 'other';
  /** Of bricks: the path on this node. */
  readonly brickPath: string | undefined;
  /** Of mounts: where. */
  readonly mountPoint: string | undefined;
  /** Which volume it serves or uses; undefined for daemons that serve all. */
  readonly volume: string | undefined;
  /** As in /proc/PID/stat: `T` is stopped, `D` waits for a device, `Z` is dead and not yet buried. */
  readonly state: string;
  readonly ageMs: number;
  /** Its program or one of its libraries was replaced on disk: it still runs the old version. */
  readonly replacedOnDisk: boolean;
  readonly listens: readonly number[];
  /** Established only. */
  readonly connections: readonly Connection[];
}

export interface ProcessFacts {
  readonly list: readonly GlusterProcess[];
  /** Every address of this node, loopback left out: by it a connection's other end is told to be this node. */
  readonly addresses: readonly string[];
}

/** What a brick lies on. */
export interface BrickStorage {
  readonly brick: BrickId;
  readonly storage: Seen<{
    readonly device: string;
    /** Where the file system that holds the brick is mounted. */
    readonly mountedOn: string;
    /** The path from there to the brick when it was made, as glusterd noted it; undefined when it noted none. */
    readonly insideMount: string | undefined;
    readonly fileSystem: string;
    readonly readOnly: boolean;
    /** Hex without dashes; undefined when the brick's root has no such attribute. */
    readonly volumeId: string | undefined;
    readonly freeBytes: number;
    readonly totalBytes: number;
    readonly freeInodes: number;
    /** 0 on file systems that make inodes as they need them. */
    readonly totalInodes: number;
  }>;
}

/** glusterd's own files, without its secrets. */
export interface NodeConfig {
  /** `info=` of the volume's cksum file: differs where a node's record of the volume does. */
  readonly checksum: string;
  /** Hex without dashes. */
  readonly volumeId: string;
  /** The cluster's op-version as this node has it. */
  readonly opVersion: number;
  /** The lowest op-version that a client of this volume must have. */
  readonly clientOpVersion: number;
  /** Of the installed program, such as `10.3`. */
  readonly installed: string;
}

/** A line of a log that tells of damage, with the node's clock. */
export interface LogLine {
  readonly log: string;
  readonly atMs: number;
  readonly text: string;
}

export interface LogFacts {
  /** Logs that were read; an empty list means that nobody has looked. */
  readonly logs: readonly string[];
  readonly lines: readonly LogLine[];
  /** Errors of the kernel about disks and file systems since it booted. */
  readonly kernel: Seen<{ readonly lines: readonly string[] }>;
}

/** One attempt to open a connection from this node to a brick. */
export interface Reach {
  readonly host: string;
  readonly port: number;
  readonly ok: boolean;
  readonly tookMs: number;
}

/** One client of one brick by `volume status clients`. */
export interface BrickClient {
  readonly host: string;
  readonly port: number;
  readonly opVersion: number;
}
