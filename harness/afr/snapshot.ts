/** Judges what an observer saw of a whole volume at one moment, or at two. */
import type { BrickFacts, FileOnBrick, HealInfoBrick } from '../model/facts.ts';
import type { FileInput, Ledger, ParentView } from './aspect.ts';
import { shardOf } from './changelog.ts';
import { afrSetOf, copyFromFacts, type Reply } from './copy.ts';
import { Inspector, type Inspection, type Judged } from './inspector.ts';
import { parentViewOf } from './parent.ts';
import type { AfrSet } from './replica-set.ts';
import { secondWitness, type Disagreement } from './second-witness.ts';

export interface SnapshotRequest {
  readonly volume: string;
  /** The bricks of one replica set, in the order of the volume file. */
  readonly bricks: readonly BrickFacts[];
  readonly rules: Pick<AfrSet, 'quorum' | 'favoriteChild'>;
  /** The same bricks, seen before; settles what one snapshot can't. */
  readonly earlier?: readonly BrickFacts[];
  /** What each brick's copy of a path lacks of the acknowledged writes, when a ledger was kept. */
  readonly ledger?: (path: string) => Ledger | undefined;
  /** `gluster volume heal V info` at the same moment. */
  readonly healInfo?: readonly HealInfoBrick[];
}

export interface JudgedSnapshot extends Inspection {
  readonly files: readonly Judged[];
  /** Where the CLI tells another story than the bricks. */
  readonly disagreements: readonly Disagreement[];
}

export function judgeSnapshot(request: SnapshotRequest): JudgedSnapshot {
  const set = afrSetOf(request.volume, request.bricks, request.rules);
  const now = request.bricks.map(filesOf);
  const before =
    request.earlier === undefined
      ? undefined
      : request.bricks.map((b) => filesOf(request.earlier?.find((e) => e.brick === b.brick)));
  const paths = [...new Set(now.flatMap((files) => [...(files?.keys() ?? [])]))].sort();
  const bases = new Set(paths.flatMap((p) => shardOf(p)?.base ?? []));
  const files: Judged[] = [];
  const inspector = new Inspector(
    (gfid) => bases.has(gfid),
    (judged) => files.push(judged),
  );
  for (const path of paths) inspector.take(set, inputFor(request, set, now, before, path));
  const unseen = request.bricks.filter((b) => !b.seen).map((b) => b.brick);
  const inspection = inspector.finish(request.volume, [set], unseen, []);
  const verdicts = files.map((f) => f.verdict);
  return {
    ...inspection,
    files,
    disagreements:
      request.healInfo === undefined ? [] : secondWitness(verdicts, request.bricks, request.healInfo),
  };
}

type Files = ReadonlyMap<string, FileOnBrick>;
const filesOf = (brick: BrickFacts | undefined): Files | undefined =>
  brick?.seen === true ? new Map(brick.files.map((f) => [f.path, f])) : undefined;

function inputFor(
  request: SnapshotRequest,
  set: AfrSet,
  now: readonly (Files | undefined)[],
  before: readonly (Files | undefined)[] | undefined,
  path: string,
): FileInput {
  const replies = now.map((files, i) => reply(set, files, path, request.bricks[i]));
  const incomplete =
    replies.some((r) => r.kind !== 'copy') ||
    new Set(replies.map((r) => (r.kind === 'copy' ? r.copy.gfid : ''))).size > 1;
  const ledger = request.ledger?.(path);
  const index = indexOf(request.bricks, replies);
  return {
    path,
    replies,
    ...(before === undefined
      ? {}
      : { earlier: before.map((files, i) => reply(set, files, path, request.bricks[i])) }),
    ...(incomplete ? { parent: parentOf(set, now, path) } : {}),
    ...(ledger === undefined ? {} : { ledger }),
    ...(index === undefined ? {} : { index }),
    // A snapshot of a lab is read within seconds and its atMs counts from the run's beginning: ages of mtimes are not judged.
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
  return { xattrop: named('xattrop'), dirty: named('dirty') };
}
