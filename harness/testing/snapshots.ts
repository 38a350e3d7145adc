/** Snapshots of a healthy volume for tests, and ways to hurt them. */
import type { FileOnBrick, Range, VolumeSnapshot } from '../model/facts.ts';
import type { BrickId, RouterName } from '../model/names.ts';
import { bricksOf, imageOf } from '../model/site.ts';
import type { SiteSpec } from '../model/site.ts';

/** Long before any run of the tests: nothing on a brick was changed lately. */
const OLD_MS = 1_600_000_000_000;
const CLEAN = '0'.repeat(24);

const gfidOf = (number: number): string => number.toString(16).padStart(32, '0');
const dashed = (hex: string): string => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

export const accusedAs = ({ volume }: SiteSpec, brick: number): string =>
  `trusted.afr.${volume.name}-client-${brick}`;

/** The attribute's value: three counters, data, metadata and entry. */
export const words = (data: number, metadata = 0, entry = 0): string =>
  [data, metadata, entry].map((count) => count.toString(16).padStart(8, '0')).join('');

function filesOf(spec: SiteSpec, arbiter: boolean): readonly FileOnBrick[] {
  const clean = Object.fromEntries(bricksOf(spec).map((_, i) => [accusedAs(spec, i), CLEAN]));
  const common = { mtimeMs: OLD_MS, ctimeMs: OLD_MS, uid: 0, gid: 0 };
  let number = 1;
  const entry = (path: string, type: 'file' | 'directory'): FileOnBrick => {
    const sha256 = path.length.toString(16).padStart(64, 'a');
    const xattrs = { 'trusted.gfid': gfidOf(number++), ...clean };
    if (type === 'directory') return { ...common, path, type, size: 4096, mode: '755', xattrs };
    return arbiter
      ? { ...common, path, type, size: 0, mode: '600', xattrs }
      : { ...common, path, type, size: 4_194_304, mode: '600', xattrs, sha256 };
  };
  const directories = ['/', '/images', '/customers'].map((path) => entry(path, 'directory'));
  const images = spec.routers.flatMap((router) => {
    const base = entry(imageOf(router), 'file');
    const id = dashed(base.xattrs['trusted.gfid'] ?? '');
    return [base, ...[1, 2].map((n) => entry(`/.shard/${id}.${n}`, 'file'))];
  });
  const customers = Array.from({ length: spec.customerFiles.count }, (_, i) =>
    entry(`/customers/${i}.pdf`, 'file'),
  );
  return [...directories, ...images, ...customers];
}

/** Everything seen, everything equal, nothing pending. `atMs`: when reading began, on the run's clock. */
export function healthySnapshot(
  spec: SiteSpec,
  label: string,
  atMs: number,
  records: (router: RouterName) => number,
): VolumeSnapshot {
  const bricks = bricksOf(spec);
  const [from] = spec.nodes;
  if (from === undefined) throw new Error('a site for tests needs a node');
  return {
    label,
    bricks: bricks.map(({ brick, arbiter }, i) => ({
      brick,
      arbiter,
      accusedAs: accusedAs(spec, i),
      seen: true,
      atMs,
      files: filesOf(spec, arbiter),
      index: { seen: true, xattrop: 0, dirty: 0, entryChanges: 0 },
      indexGfids: { xattrop: [], dirty: [], entryChanges: [] },
    })),
    cli: {
      seen: true,
      from,
      healInfo: bricks.map(({ brick }) => ({
        brick,
        connected: true,
        status: 'Connected',
        entries: { seen: true, count: 0 },
        inSplitBrain: [],
        listed: [],
      })),
    },
    disks: spec.routers.flatMap((router) => {
      const ranges: readonly Range[] = records(router.name) > 0 ? [[1, records(router.name)]] : [];
      const scan = { seen: true, ranges, bad: 0, torn: 0 } as const;
      const disk = { router: router.name, image: imageOf(router) };
      return [
        ...bricks.filter(({ arbiter }) => !arbiter).map(({ brick }) => ({ ...disk, via: { brick }, scan })),
        ...spec.nodes.map((mount) => ({ ...disk, via: { mount }, scan })),
      ];
    }),
    customerFiles: { seen: true, intact: spec.customerFiles.count, damaged: [], unreadable: [] },
  };
}

/** Changes one file on one brick; undefined removes it there. */
export function withFile(
  snapshot: VolumeSnapshot,
  brick: BrickId,
  path: string,
  change: (file: FileOnBrick) => FileOnBrick | undefined,
): VolumeSnapshot {
  return {
    ...snapshot,
    bricks: snapshot.bricks.map((facts) =>
      facts.brick === brick && facts.seen
        ? {
            ...facts,
            files: facts.files.flatMap((file) => (file.path === path ? (change(file) ?? []) : [file])),
          }
        : facts,
    ),
  };
}

/** One brick accuses another of a file. */
export const withBlame = (
  snapshot: VolumeSnapshot,
  by: BrickId,
  accused: string,
  path: string,
  value = words(1),
): VolumeSnapshot =>
  withFile(snapshot, by, path, (file) => ({ ...file, xattrs: { ...file.xattrs, [accused]: value } }));

/** A brick that could not be read. */
export const withoutBrick = (snapshot: VolumeSnapshot, brick: BrickId): VolumeSnapshot => ({
  ...snapshot,
  bricks: snapshot.bricks.map((facts) =>
    facts.brick === brick
      ? {
          brick,
          arbiter: facts.arbiter,
          accusedAs: facts.accusedAs,
          seen: false,
          because: 'its node is down',
        }
      : facts,
  ),
});

/** What one copy of a router's disk holds: `where` is a brick, or a node whose mount it is read through. */
export function withRecords(
  snapshot: VolumeSnapshot,
  router: RouterName,
  where: string,
  ranges: readonly Range[],
): VolumeSnapshot {
  return {
    ...snapshot,
    disks: snapshot.disks.map((disk) => {
      const at = 'brick' in disk.via ? disk.via.brick : disk.via.mount;
      const scan = { seen: true, ranges, bad: 0, torn: 0 } as const;
      return disk.router === router && at === where ? { ...disk, scan } : disk;
    }),
  };
}
