/** What is under test, as plain data. A spec is complete: every default is resolved before a run begins, and the bundle keeps it. */
import { brick } from './names.ts';
import type { BrickId, NodeName, RouterName } from './names.ts';

/** How the volume's bricks are laid out over the nodes. */
export type Layout = 'replica-2' | 'replica-3' | 'replica-2-arbiter';
export const LAYOUTS: readonly Layout[] = ['replica-2', 'replica-3', 'replica-2-arbiter'];

/** `virt` applies the vendor's option group for VM images; `defaults` leaves GlusterFS as shipped. */
export type VolumeOptions = 'virt' | 'defaults';

export interface VolumeSpec {
  readonly name: string;
  readonly layout: Layout;
  readonly options: VolumeOptions;
  /** Further `gluster volume set` pairs, each with the reason why the site has it. */
  readonly tuning: readonly {
    readonly option: string;
    readonly value: string;
    readonly why: string;
  }[];
  /** Shard size in MiB when sharding is on (`virt` turns it on), 4 at least. */
  readonly shardMiB: number;
}

/** What a router does when its disk fails (reference: pfSense with UFS panics; QEMU can stop the VM; or it goes on without a disk). */
export type DiskErrorPolicy = 'panic' | 'stop' | 'report';

/** What runs the guests. `modelled` is a process that stands in for a VM; every report says so. */
export type Accelerator = 'kvm' | 'tcg' | 'modelled';

export interface RouterSpec {
  readonly name: RouterName;
  readonly vmid: number;
  readonly startsOn: NodeName;
  /** Milliseconds between two journal records; 0 = the router writes nothing to its disk. */
  readonly writeEveryMs: number;
}

export interface SiteSpec {
  readonly nodes: readonly NodeName[];
  readonly volume: VolumeSpec;
  readonly routers: readonly RouterSpec[];
  /** Size of each router's disk image. */
  readonly imageMiB: number;
  readonly diskErrorPolicy: DiskErrorPolicy;
  /** `probe` takes KVM when the probe really boots the guest, else TCG. */
  readonly accelerator: Accelerator | 'probe';
  /** `state` restores guests from a saved state, `cold` boots them. */
  readonly guestStart: 'state' | 'cold';
  /** From the end of a node's shutdown to its power-on, the modelled firmware and boot time. */
  readonly bootSeconds: number;
  /**
   * Nodes have glusterd take up a brick that it lost in a race of its own start (GlusterFS 10.3, server quorum); without that,
   * whether a node's brick is back after its reboot is a matter of luck.
   */
  readonly brickGuard: boolean;
  /** Rate of each node's storage link. It sets how long a heal takes; see the reason beside the number in the scenario. */
  readonly storageMbit: number;
  /** Number and size of the customer's files on the volume. */
  readonly customerFiles: { readonly count: number; readonly kib: number };
  /** The backup connection that does not need the routers. */
  readonly oob: boolean;
  /** `healproof exporter` runs beside the monitoring inside and asks every node. Without it nobody judges what only it sees. */
  readonly exporter: boolean;
}

/** The volume's bricks in the order of `gluster volume create`, which is the order of its clients' numbers. */
export function bricksOf({
  nodes,
  volume,
}: SiteSpec): readonly { readonly brick: BrickId; readonly arbiter: boolean }[] {
  const holders = volume.layout === 'replica-2' ? nodes.slice(0, 2) : nodes.slice(0, 3);
  return holders.map((name, at) => ({
    brick: brick(`${name}:/bricks/${volume.name}/brick`),
    arbiter: volume.layout === 'replica-2-arbiter' && at === 2,
  }));
}

/** Path of a router's disk below the volume's root. */
export const imageOf = ({ vmid }: RouterSpec, generation = 0): string =>
  `/images/${vmid}/vm-${vmid}-disk-${generation}.raw`;
