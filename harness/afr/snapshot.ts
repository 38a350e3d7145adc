/** Judges what an observer saw of a whole volume at one moment, or at two. */
import type { BrickFacts, FileOnBrick, HealInfoBrick } from '../model/facts.ts';
import type { BrickId } from '../model/names.ts';
import { changedOf, withName } from './aspect.ts';
import type { Changed, FileInput, Ledger, ParentView } from './aspect.ts';
import { shardOf } from './changelog.ts';
import { afrSetOf, copyFromFacts, type Reply } from './copy.ts';
import { Inspector, type Inspection, type Judged } from './inspector.ts';
import { parentViewOf } from './parent.ts';
import type { AfrSet } from './replica-set.ts';
import { secondWitness, type Disagreement } from './second-witness.ts';

/** One replica set as it was seen. */
export interface SeenSet {
  /** In the order of the volume file. */
  readonly bricks: readonly BrickFacts[];
  readonly rules: Pick<AfrSet, 'quorum' | 'favoriteChild'>;
}

export interface VolumeRequest {
  readonly volume: string;
  readonly sets: readonly SeenSet[];
  /** The same bricks, seen before; settles what one snapshot can't. */
  readonly earlier?: readonly BrickFacts[];
  /** What each brick's copy of a path lacks of the acknowledged writes, when a ledger was kept. */
  readonly ledger?: (path: string) => Ledger | undefined;
  /** `gluster volume heal V info` at the same moment. */
  readonly healInfo?: readonly HealInfoBrick[];
  /** When reading a brick began, by its node's own clock, epoch milliseconds. Without it ages of mtimes are not judged. */
  readonly readAtMs?: (brick: BrickId) => number | undefined;
  /** What was not seen apart from bricks, for people. */
  readonly notes?: readonly string[];
}

/** A volume of one replica set. */
export type SnapshotRequest = Omit<VolumeRequest, 'sets'> & SeenSet;

export interface JudgedSnapshot extends Inspection {
  readonly files: readonly Judged[];
  /** Where the CLI tells another story than the bricks. */
  readonly disagreements: readonly Disagreement[];
}

export const judgeSnapshot = ({ bricks, rules, ...more }: SnapshotRequest): JudgedSnapshot =>
  judgeVolume({ ...more, sets: [{ bricks, rules }] });

export function judgeVolume(request: VolumeRequest): JudgedSnapshot {
  const bricks = request.sets.flatMap((one) => one.bricks);
  const looks = request.sets.map((one) => lookOf(request, one));
  const bases = new Set(looks.flatMap(({ paths }) => paths.flatMap((p) => shardOf(p)?.base ?? [])));
  const files: Judged[] = [];
  const inspector = new Inspector(
    (gfid) => bases.has(gfid),
    (judged) => files.push(judged),
  );
  for (const look of looks)
    for (const path of look.paths) inspector.take(look.set, inputFor(request, look, path));
  const unseen = bricks.filter((b) => !b.seen).map((b) => b.brick);
  const sets = looks.map((look) => look.set);
  const inspection = inspector.finish(request.volume, sets, { unseen, notes: request.notes ?? [] });
  const verdicts = files.map((f) => f.verdict);
  return {
    ...inspection,
    files,
    disagreements: request.healInfo === undefined ? [] : secondWitness(verdicts, bricks, request.healInfo),
  };
}

/** One set's bricks with their files by path. */
interface Look {
  readonly set: AfrSet;
  readonly bricks: readonly BrickFacts[];
  readonly now: readonly (Files | undefined)[];
  readonly before: readonly (Files | undefined)[] | undefined;
  readonly paths: readonly string[];
}

function lookOf({ volume, earlier }: VolumeRequest, { bricks, rules }: SeenSet): Look {
  const now = bricks.map(filesOf);
  const before =
    earlier === undefined ? undefined : bricks.map((b) => filesOf(earlier.find((e) => e.brick === b.brick)));
  const paths = [...new Set(now.flatMap((files) => [...(files?.keys() ?? [])]))].sort();
  return { set: afrSetOf(volume, bricks, rules), bricks, now, before, paths };
}

type Files = ReadonlyMap<string, FileOnBrick>;
const filesOf = (brick: BrickFacts | undefined): Files | undefined =>
  brick?.seen === true ? new Map(brick.files.map((f) => [f.path, f])) : undefined;

function inputFor(request: VolumeRequest, look: Look, path: string): FileInput {
  const { set, bricks, now, before } = look;
  const replies = now.map((files, i) => reply(set, files, path, bricks[i]));
  const incomplete =
    replies.some((r) => r.kind !== 'copy') ||
    new Set(replies.map((r) => (r.kind === 'copy' ? r.copy.gfid : ''))).size > 1;
  const ledger = request.ledger?.(path);
  const index = indexOf(bricks, replies);
  const { readAtMs } = request;
  return {
    path,
    replies,
    ...(before === undefined
      ? {}
      : { earlier: before.map((files, i) => reply(set, files, path, bricks[i])) }),
    ...(incomplete ? { parent: parentOf(set, now, path) } : {}),
    ...(ledger === undefined ? {} : { ledger }),
    ...(index === undefined ? {} : { index }),
    ...(readAtMs === undefined ? {} : { seenAtMs: bricks.map((b) => readAtMs(b.brick)) }),
  };
}

function reply(set: AfrSet, files: Files | undefined, path: string, brick: BrickFacts | undefined): Reply {
  if (files === undefined)
    return { kind: 'unseen', because: brick === undefined || brick.seen ? 'not seen' : brick.because };
  const file = files.get(path);
  return file === undefined ? { kind: 'absent' } : { kind: 'copy', copy: copyFromFacts(set, file) };
}

/** The nearest directory above with entry changes pending. */
function parentOf(set: AfrSet, now: readonly (Files | undefined)[], path: string): ParentView {
  if (now.includes(undefined)) return { kind: 'unseen' };
  for (let at = path; at !== '/' && at !== '';) {
    at = at.slice(0, at.lastIndexOf('/')) || '/';
    const view = parentViewOf(
      set,
      now.map((files) => files?.get(at)?.xattrs),
    );
    if (view.kind !== 'none') return view;
  }
  return { kind: 'none' };
}

function indexOf(bricks: readonly BrickFacts[], replies: readonly Reply[]): FileInput['index'] {
  if (bricks.some((b) => !b.seen)) return undefined;
  const gfids = new Set(
    replies.flatMap((r) => (r.kind === 'copy' && r.copy.gfid !== undefined ? [r.copy.gfid] : [])),
  );
  const named = (which: 'xattrop' | 'dirty'): boolean[] =>
    bricks.map((b) => b.seen && b.indexGfids[which].some((g) => gfids.has(g)));
  const changed = replies.some((r) => r.kind === 'copy' && r.copy.type === 'directory')
    ? changedOf(bricks.map((b) => changesIn(b, gfids)))
    : undefined;
  return {
    xattrop: named('xattrop'),
    dirty: named('dirty'),
    ...(changed === undefined ? {} : { changed }),
  };
}

/** `<gfid of the directory>/<name>` as the index lists them. */
const changesIn = (brick: BrickFacts, gfids: ReadonlySet<string>): Changed | undefined =>
  brick.seen
    ? brick.indexGfids.entryChanges
        .filter((one) => gfids.has(one.slice(0, one.indexOf('/'))))
        .reduce<Changed | undefined>((so, one) => withName(so, one.slice(one.indexOf('/') + 1)), undefined)
    : undefined;
