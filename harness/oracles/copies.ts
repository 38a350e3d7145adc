/** One snapshot turned over: from "files of each brick" to "copies of each file". */
import type { EventOf } from '../model/event.ts';
import type { BrickFacts, FileOnBrick, VolumeSnapshot } from '../model/facts.ts';
import { gfid } from '../model/names.ts';
import type { BrickId } from '../model/names.ts';
import type { VolumeSpec } from '../model/site.ts';
import { changelog, DIRTY } from '../afr/changelog.ts';
import type { Transaction } from '../afr/changelog.ts';
import { directionOf } from '../afr/direction.ts';
import type { Direction, Matrix } from '../afr/direction.ts';
import { effectiveQuorum, quorumCount } from '../afr/replica-set.ts';
import type { QuorumRule } from '../afr/replica-set.ts';
import type { Frame } from './frame.ts';

export type SeenBrick = Extract<BrickFacts, { seen: true }>;

export interface Copies {
  /** Path below the brick root. */
  readonly path: string;
  /** The path as people know it: `shard 3 of /images/101/vm-101-disk-0.raw`. */
  readonly name: string;
  /** One per brick of the view, in its order; undefined where the brick does not have it. */
  readonly on: readonly (FileOnBrick | undefined)[];
}

export interface View {
  readonly bricks: readonly SeenBrick[];
  readonly unseen: readonly { readonly brick: BrickId; readonly because: string }[];
  /** Run's clock: when reading began, and when it was over at the latest. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** Host epoch at the run's zero. */
  readonly epochMs: number;
  readonly files: readonly Copies[];
}

/** The moment when a brick was read, on the run's clock: some observers stamp with the host's epoch. */
const onRunClock = (atMs: number, epochMs: number): number =>
  epochMs > 0 && atMs >= epochMs ? atMs - epochMs : atMs;

export function viewOf(event: EventOf<'observed'>, frame: Frame): View {
  return turnOver(event.snapshot, event.atMs, frame.began?.epochMs ?? 0);
}

export function turnOver(snapshot: VolumeSnapshot, overMs: number, epochMs: number): View {
  const bricks: SeenBrick[] = [];
  const unseen: { brick: BrickId; because: string }[] = [];
  for (const facts of snapshot.bricks) {
    if (facts.seen) bricks.push(facts);
    else unseen.push({ brick: facts.brick, because: facts.because });
  }
  const rows = new Map<string, (FileOnBrick | undefined)[]>();
  const images = new Map<string, string>();
  bricks.forEach((facts, at) => {
    for (const file of facts.files) {
      let row = rows.get(file.path);
      if (row === undefined) rows.set(file.path, (row = bricks.map(() => undefined)));
      row[at] = file;
      const id = gfid(file.xattrs['trusted.gfid'] ?? '');
      if (id !== undefined && file.type === 'file' && !file.path.startsWith('/.shard/'))
        images.set(id, file.path);
    }
  });
  const times = bricks.map(({ atMs }) => onRunClock(atMs, epochMs));
  return {
    bricks,
    unseen,
    firstMs: Math.min(...times),
    lastMs: Math.max(overMs, ...times),
    epochMs,
    files: [...rows].map(([path, on]) => ({ path, name: nameOf(path, images), on })),
  };
}

function nameOf(path: string, images: ReadonlyMap<string, string>): string {
  const [, base = '', number = ''] = /^\/\.shard\/([0-9a-f-]{36})\.(\d+)$/.exec(path) ?? [];
  const image = images.get(base);
  return image === undefined ? path : `shard ${number} of ${image}`;
}

/** Bricks are read one after another. Further apart than this, a file may have been healed and hurt again in between. */
const ONE_LOOK_MS = 5000;

/** Whether the copies were all there at one moment, as they were read: the look was short, or none has changed since it began. */
export const atOnce = (copies: Copies, view: View): boolean =>
  view.lastMs - view.firstMs <= ONE_LOOK_MS || wasStill(copies, view);

/** No copy has changed since reading began. The change time can't be set by hand, and every changelog changes it. */
export const wasStill = ({ on }: Copies, { epochMs, firstMs }: View): boolean =>
  on.every((file) => file === undefined || Math.max(file.ctimeMs, file.mtimeMs) <= epochMs + firstMs);

/** The rule that is in force: what was tuned, else what the option group sets, else what GlusterFS does by itself. */
export function quorumRule({ layout, options, tuning }: VolumeSpec): QuorumRule {
  const tuned = (option: string) => tuning.findLast((each) => each.option === option)?.value;
  const type = tuned('cluster.quorum-type') ?? (options === 'virt' ? 'auto' : undefined);
  return effectiveQuorum(layout === 'replica-2' ? 2 : 3, type, Number(tuned('cluster.quorum-count') ?? 0));
}

/** Files use data and metadata, directories metadata and entry; a directory's data word only asks for a full heal. */
const wordsFor = (type: FileOnBrick['type']): readonly Transaction[] =>
  type === 'directory' ? ['metadata', 'entry'] : ['data', 'metadata'];

export interface Blame extends Direction {
  readonly word: Transaction;
  readonly matrix: Matrix;
  /** Nobody is free of blame, and only the quorum accounting made sources of some again: reads fail all the same. */
  readonly allAccused: boolean;
}

/** Blame of every word that means something for this file; nothing when nobody accuses anybody. */
export function blamesOf(view: View, { on }: Copies, volume: VolumeSpec | undefined): readonly Blame[] {
  if (!on.some((file) => file !== undefined && accuses(file))) return [];
  const type = on.find((file) => file !== undefined)?.type ?? 'file';
  const quorum = volume === undefined ? 0 : quorumCount(quorumRule(volume), view.bricks.length);
  return wordsFor(type).flatMap((word): Blame[] => {
    const pending = (file: FileOnBrick | undefined, name: string): number =>
      changelog(file?.xattrs[name], name)[word];
    const matrix = on.map((file) => view.bricks.map(({ accusedAs }) => pending(file, accusedAs)));
    if (!matrix.some((row) => row.some((count) => count > 0))) return [];
    const dirty = on.map((file) => pending(file, DIRTY));
    const direction = directionOf(word, matrix, dirty, quorum);
    const allAccused = !direction.splitBrain && direction.accused.every((count) => count > 0);
    return [{ word, matrix, allAccused, ...direction }];
  });
}

/** Quick look: is there any non-zero changelog word at all, `trusted.afr.dirty` aside. */
function accuses({ xattrs }: FileOnBrick): boolean {
  for (const name in xattrs)
    if (name.startsWith('trusted.afr.') && name !== DIRTY && /[1-9a-fA-F]/.test(xattrs[name] ?? ''))
      return true;
  return false;
}

/** `pve1:/… accuses pve2:/…`, for every accusation of the matrix. */
export function sayBlame(view: View, matrix: Matrix): string {
  const who = (i: number) => view.bricks[i]?.brick ?? '?';
  return matrix
    .flatMap((row, i) => {
      const accused = row.flatMap((count, j) => (count > 0 ? [who(j)] : []));
      return accused.length === 0 ? [] : [`${who(i)} accuses ${accused.join(' and ')}`];
    })
    .join(', ');
}
