/** What has to heal, and what will not, as samples. Counts of files are told only when every brick was read: a part of them is no number. */
import type { Judged } from '../afr/inspector.ts';
import { judgeVolume } from '../afr/snapshot.ts';
import type { VolumeRequest } from '../afr/snapshot.ts';
import { sourcesOf } from '../gates/blame.ts';
import { auditedFiles, MOST_INDEXED } from '../gates/copies.ts';
import type { Audited } from '../gates/copies.ts';
import type { GateFacts, ReplicaSet } from '../gates/facts.ts';
import { bricksOn, quorumOf } from '../gates/layout.ts';
import type { BrickFacts, FileOnBrick, HealInfoBrick, Seen } from '../model/facts.ts';
import { nodeOfBrick, pathOfBrick } from '../model/names.ts';
import type { BrickId, NodeName } from '../model/names.ts';
import { asNumber } from './metrics.ts';
import type { Sample } from './metrics.ts';
import { isRead } from './of-volume.ts';

/** `looks`: oldest first, the newest is the one that is told. */
export function dataSamples(
  looks: readonly GateFacts[],
  sets: readonly ReplicaSet[],
  bricks: readonly BrickId[],
): readonly Sample[] {
  const facts = looks.at(-1);
  if (facts === undefined) return [];
  if (facts.profile === 'fast') return completeSample(facts, bricks);
  return [
    ...completeSample(facts, bricks),
    ...healSamples(facts, bricks),
    ...splitSamples(facts, bricks),
    ...judgedSamples(looks, sets),
    ...soleSamples(looks),
    ...dirtySamples(looks),
  ];
}

type Listing = Seen<{ readonly bricks: readonly HealInfoBrick[] }>;

const witnesses = (facts: GateFacts, read: 'healInfo' | 'splitBrain'): readonly Listing[] =>
  facts.healWitnesses.map(
    (name) =>
      facts.nodes.find((one) => one.node === name)?.[read] ?? { seen: false, because: 'was not asked' },
  );

/** The number that a listing has for a brick; undefined for a dash, a row that is missing or there twice, and a brick that is not connected. */
function countIn(listing: Listing, brick: BrickId): number | undefined {
  const rows = listing.seen ? listing.bricks.filter((one) => one.brick === brick) : [];
  const [row, second] = rows;
  if (row === undefined || second !== undefined || !row.connected || !row.entries.seen) return undefined;
  return row.entries.count;
}

function completeSample(facts: GateFacts, bricks: readonly BrickId[]): readonly Sample[] {
  const byIndexes = facts.profile === 'fast' || facts.healLeftOut !== undefined;
  const lists = byIndexes ? [] : witnesses(facts, 'healInfo');
  const asked = byIndexes || lists.length > 0;
  const complete =
    asked &&
    bricks.length > 0 &&
    bricks.every(
      (brick) =>
        facts.bricks.some((one) => one.brick === brick && isRead(one)) &&
        lists.every((list) => countIn(list, brick) !== undefined),
    );
  return [
    { name: 'healproof_heal_info_complete', labels: { volume: facts.volume }, value: asNumber(complete) },
  ];
}

const placed = (volume: string, brick: BrickId) => ({
  volume,
  brick_path: pathOfBrick(brick),
  host: nodeOfBrick(brick),
});

/** The largest of the witnesses' numbers; where heal info was left out because it would take long, the brick's own index. */
function healSamples(facts: GateFacts, bricks: readonly BrickId[]): readonly Sample[] {
  // One that did not answer at all has no say; that it did not is told by the metric of completeness.
  const lists = witnesses(facts, 'healInfo').filter((list) => list.seen);
  return bricks.flatMap((brick): readonly Sample[] => {
    const counts =
      facts.healLeftOut === undefined ? lists.map((list) => countIn(list, brick)) : [entriesOf(facts, brick)];
    const known = counts.filter((count) => count !== undefined);
    if (known.length === 0 || known.length < counts.length) return [];
    return [
      {
        name: 'gluster_volume_heal_count',
        labels: placed(facts.volume, brick),
        value: Math.max(...known),
      },
    ];
  });
}

function entriesOf(facts: GateFacts, brick: BrickId): number | undefined {
  const found = facts.bricks.find((one) => one.brick === brick);
  return found?.seen === true && found.index.seen
    ? found.index.xattrop + found.index.entryChanges
    : undefined;
}

/** With a brick away `info split-brain` says 0 whatever there is: then all of it is left out. */
function splitSamples(facts: GateFacts, bricks: readonly BrickId[]): readonly Sample[] {
  const lists = witnesses(facts, 'splitBrain');
  const counts = bricks.map((brick) => lists.map((list) => countIn(list, brick)));
  if (lists.length === 0 || counts.flat().includes(undefined)) return [];
  return bricks.map((brick, index) => ({
    name: 'gluster_volume_split_brain_heal_count',
    labels: placed(facts.volume, brick),
    value: Math.max(...(counts[index] ?? []).map(Number)),
  }));
}

const isWhole = (facts: GateFacts): boolean =>
  facts.audited.seen && facts.bricks.length > 0 && facts.bricks.every((one) => isRead(one));

/** By the same judgement as `inspect`, over what was audited: VM images, all shards and what any index names. */
function judgedSamples(looks: readonly GateFacts[], sets: readonly ReplicaSet[]): readonly Sample[] {
  const [before, facts] = [looks.at(-2), looks.at(-1)];
  if (facts === undefined || sets.length === 0 || !isWhole(facts)) return [];
  const seen = sets.flatMap((set) => {
    const quorum = quorumOf(facts, set);
    const bricks = set.bricks.flatMap(({ brick }) => facts.bricks.filter((one) => one.brick === brick));
    return quorum.seen ? [{ bricks, rules: { quorum: quorum.rule, favoriteChild: 'none' as const } }] : [];
  });
  if (seen.length < sets.length) return [];
  const { volume } = facts;
  const files = judged({
    volume,
    sets: seen,
    ...(before !== undefined && isWhole(before) ? { earlier: before.bricks } : {}),
  });
  if (files === undefined) return [];
  const count = (state: 'split-brain' | 'cyclic-blame'): number =>
    files.filter((one) => one.verdict.state === state).length;
  return [
    { name: 'healproof_split_brain_files', labels: { volume }, value: count('split-brain') },
    { name: 'healproof_cyclic_blame_files', labels: { volume }, value: count('cyclic-blame') },
  ];
}

/** Undefined when an attribute can't be decoded: that one file is no reason to say nothing of everything else, and the gate names it. */
function judged(request: VolumeRequest): readonly Judged[] | undefined {
  try {
    return judgeVolume(request).files;
  } catch {
    return undefined;
  }
}

/**
 * As condition D6 counts them, in this look and the one before: bricks are listed one after the other, so a file that was made in between is
 * on some of them only.
 */
function soleSamples(looks: readonly GateFacts[]): readonly Sample[] {
  const [before, facts] = [looks.at(-2), looks.at(-1)];
  if (before === undefined || facts === undefined) return [];
  const [then, now] = [soleByNode(before), soleByNode(facts)];
  return [...now].flatMap(([node, paths]): readonly Sample[] => {
    const earlier = then.get(node);
    if (earlier === undefined) return [];
    const value = paths.filter((path) => earlier.includes(path)).length;
    return [{ name: 'healproof_sole_good_copy_files', labels: { volume: facts.volume, node }, value }];
  });
}

/** Paths of every node whose bricks are known; of none when not every brick was read. */
function soleByNode(facts: GateFacts): ReadonlyMap<NodeName, readonly string[]> {
  const found = new Map<NodeName, readonly string[]>();
  const { files, unseen } = auditedFiles(facts);
  if (unseen.length > 0 || !isWhole(facts)) return found;
  for (const { node } of facts.nodes) {
    const local = bricksOn(facts, node);
    if (!local.seen) continue;
    const sole = files.filter((one) => isSole(one, local.bricks));
    found.set(
      node,
      sole.map(({ copies }) => copies.path),
    );
  }
  return found;
}

function isSole({ copies, blame }: Audited, local: ReadonlySet<BrickId>): boolean {
  const sources = sourcesOf(copies, blame);
  const good = copies.on.filter((copy) => sources.has(copy.brick) && !copy.arbiter);
  return good.length > 0 && good.every((copy) => local.has(copy.brick));
}

/** Fewer looks can't tell a wound from a writer. */
const LOOKS = 3;

type ReadBrick = Extract<BrickFacts, { readonly seen: true }>;

/** In the dirty index in every look, and with the same mtime in every look. Not told when more is listed than is audited. */
function dirtySamples(looks: readonly GateFacts[]): readonly Sample[] {
  const window = looks.slice(-LOOKS);
  const facts = window.at(-1);
  if (facts === undefined || window.some((look) => indexed(look) > MOST_INDEXED)) return [];
  return facts.bricks.flatMap(({ brick }): readonly Sample[] => {
    const views = window.flatMap((look) => look.bricks.filter((one) => one.brick === brick));
    const read = views.filter((one): one is BrickFacts & ReadBrick => one.seen && one.index.seen);
    if (read.length < LOOKS) return [];
    const [first, ...rest] = read;
    const lasting = (first?.indexGfids.dirty ?? []).filter((gfid) =>
      rest.every((one) => one.indexGfids.dirty.includes(gfid)),
    );
    const value = lasting.filter((gfid) => isStill(read.map(({ files }) => mtimeOf(files, gfid)))).length;
    return [{ name: 'healproof_persistent_dirty_files', labels: { volume: facts.volume, brick }, value }];
  });
}

const indexed = ({ bricks }: GateFacts): number =>
  new Set(bricks.flatMap((one) => (one.seen ? [...one.indexGfids.xattrop, ...one.indexGfids.dirty] : [])))
    .size;

/** A name in the index without a file behind it is nobody's data. */
const isStill = (times: readonly (number | undefined)[]): boolean =>
  times[0] !== undefined && times.every((one) => one === times[0]);

const mtimeOf = (files: readonly FileOnBrick[], gfid: string): number | undefined =>
  files.find((file) => file.xattrs['trusted.gfid'] === gfid.replaceAll('-', ''))?.mtimeMs;
