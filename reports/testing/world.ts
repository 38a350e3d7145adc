/** The pieces of a made-up night: site, snapshots and the steady noise of probes, writes and heartbeats. For tests only. */
import { brick, node, router } from '../../harness/index.ts';
import type {
  BrickFacts,
  BrickId,
  DiskScan,
  Layout,
  NodeName,
  Prober,
  Range,
  RouterName,
  SiteSpec,
  VolumeSnapshot,
} from '../../harness/index.ts';
import type { Script } from './script.ts';

export const NODES = [node('pve1'), node('pve2'), node('pve3')] as const;
export const ROUTERS = [router('router-a'), router('router-b')] as const;
export const EPOCH_MS = Date.UTC(2026, 10, 20, 23, 40, 0);

export function siteOf(layout: Layout): SiteSpec {
  return {
    nodes: NODES,
    volume: {
      name: 'vmstore',
      layout,
      options: layout === 'replica-2' ? 'defaults' : 'virt',
      tuning: [],
      shardMiB: 4,
    },
    routers: ROUTERS.map((name, i) => ({
      name,
      vmid: 101 + i,
      startsOn: NODES[i] as NodeName,
      writeEveryMs: 20,
    })),
    imageMiB: 64,
    diskErrorPolicy: 'panic',
    accelerator: 'tcg',
    guestStart: 'cold',
    bootSeconds: 10,
    brickGuard: true,
    storageMbit: 100,
    customerFiles: { count: 40, kib: 256 },
    oob: false,
    exporter: false,
  };
}

export function bricksOf(layout: Layout): readonly BrickId[] {
  return NODES.slice(0, layout === 'replica-2' ? 2 : 3).map((name) => brick(`${name}:/bricks/vmstore/brick`));
}

/** Half-open spans in seconds. */
export type Spans = readonly (readonly [from: number, to: number])[];
export const inside = (spans: Spans, t: number): boolean => spans.some(([from, to]) => t >= from && t < to);

/** A repeatable wobble in 0..1, so that the pictures look like life and stay the same. */
export const wobble = (n: number): number => ((Math.imul(n + 17, 2654435761) >>> 8) % 1000) / 1000;

export function probes(
  script: Script,
  by: Prober,
  span: readonly [number, number],
  every: number,
  bad: Spans,
): void {
  for (let t = span[0], i = 0; t < span[1]; t += every, i += 1) {
    const ok = !inside(bad, t);
    script.at(t, {
      kind: 'probe',
      by,
      target: by === 'operator' ? 'pve1 ssh' : 'storage web service',
      ok,
      tookMs: ok ? 4 + Math.round(8 * wobble(i)) : 1000,
      detail: ok ? '200' : 'no answer within 1 s',
    });
  }
}

export interface Writing {
  readonly router: RouterName;
  readonly spans: Spans;
  readonly perSecond: number;
  readonly firstRecord: number;
}

/** Acknowledged writes; returns the last record number. Slower in the first second after a span begins, as after a heal lock. */
export function writes(script: Script, { router: name, spans, perSecond, firstRecord }: Writing): number {
  let record = firstRecord;
  for (const [from, to] of spans) {
    for (let t = from; t < to; record += 1) {
      script.at(t, {
        kind: 'write-acknowledged',
        router: name,
        record,
        guestMs: EPOCH_MS + Math.round(t * 1000),
      });
      t += (0.6 + 0.8 * wobble(record)) / perSecond;
    }
  }
  return record - 1;
}

export function heartbeats(
  script: Script,
  name: RouterName,
  spans: Spans,
  roleAt: (t: number) => 'MASTER' | 'BACKUP' | 'INIT',
  diskAt: (t: number) => 'ok' | 'failed' = () => 'ok',
): void {
  for (const [from, to] of spans) {
    for (let t = from; t < to; t += 0.5) {
      script.at(t, {
        kind: 'heartbeat',
        router: name,
        role: roleAt(t),
        disk: diskAt(t),
        acknowledged: Math.round(t * 50),
      });
    }
  }
}

/** Backlog of a brick every half second from a curve; NaN means the brick could not be read. */
export function backlog(
  script: Script,
  id: BrickId,
  span: readonly [number, number],
  curve: (t: number) => number,
): void {
  for (let t = span[0]; t < span[1]; t += 0.5) {
    const xattrop = curve(t);
    script.at(t, {
      kind: 'backlog',
      brick: id,
      counts: Number.isNaN(xattrop)
        ? { seen: false, because: 'node is down' }
        : {
            seen: true,
            xattrop: Math.round(xattrop),
            dirty: 4 + Math.round(3 * wobble(t * 2)),
            entryChanges: 0,
          },
    });
  }
}

export interface SnapshotParts {
  readonly label: string;
  readonly bricks: readonly BrickId[];
  readonly inSplitBrain?: readonly string[];
  readonly disks: readonly {
    readonly router: RouterName;
    readonly ranges: readonly Range[];
    readonly eio?: boolean;
  }[];
}

export function snapshot({ label, bricks, inSplitBrain = [], disks }: SnapshotParts): VolumeSnapshot {
  const scan = (ranges: readonly Range[], eio = false): DiskScan => ({
    seen: true,
    ranges: eio ? [] : ranges,
    bad: 0,
    torn: 0,
    ...(eio && { error: { errno: 'EIO', atBytes: 0 } }),
  });
  return {
    label,
    bricks: bricks.map((id, i) => brickFacts(id, i, bricks.length, inSplitBrain)),
    cli: {
      seen: true,
      from: NODES[0],
      healInfo: bricks.map((id) => ({
        brick: id,
        connected: true,
        status: 'Connected',
        entries: { seen: true, count: inSplitBrain.length },
        inSplitBrain,
        listed: inSplitBrain,
      })),
    },
    disks: disks.flatMap(({ router: name, ranges, eio }, i) => [
      ...bricks.map((id) => ({
        router: name,
        image: `/images/${101 + i}/vm-${101 + i}-disk-0.raw`,
        via: { brick: id },
        scan: scan(ranges),
      })),
      {
        router: name,
        image: `/images/${101 + i}/vm-${101 + i}-disk-0.raw`,
        via: { mount: NODES[2] },
        scan: scan(ranges, eio),
      },
    ]),
    customerFiles: { seen: true, intact: 40, damaged: [], unreadable: [] },
  };
}

function brickFacts(id: BrickId, index: number, count: number, split: readonly string[]): BrickFacts {
  const others = Array.from({ length: count }, (_, i) => i).filter((i) => i !== index);
  return {
    brick: id,
    arbiter: false,
    accusedAs: `trusted.afr.vmstore-client-${index}`,
    seen: true,
    atMs: 0,
    files: split.map((path, n) => ({
      path,
      type: 'file',
      size: 4 << 20,
      mtimeMs: EPOCH_MS + 40_000 + index * 7_000,
      ctimeMs: EPOCH_MS + 40_000 + index * 7_000,
      mode: '0644',
      uid: 0,
      gid: 0,
      xattrs: {
        'trusted.gfid': `4a6f0c1e9b8d4f00a1b2c3d4e5f6${String(n).padStart(4, '0')}`,
        'trusted.afr.dirty': '000000000000000000000000',
        ...Object.fromEntries(
          others.map((o) => [`trusted.afr.vmstore-client-${o}`, `0000000${n + 1}0000000000000000`]),
        ),
      },
    })),
    index: { seen: true, xattrop: split.length, dirty: 0, entryChanges: 0 },
    indexGfids: { xattrop: [], dirty: [], entryChanges: [] },
  };
}
