/** The state of one kind of changelog (data, metadata, entry) of one file of which every brick has a copy. */
import { contentsOf, describePlan, flags, listed, type Aspect, type FileInput } from './aspect.ts';
import type { Transaction } from './changelog.ts';
import { accusation, copyOf, dirtyOf, metadataDifference, type Copy } from './copy.ts';
import { findDirection, type Direction } from './direction.ts';
import { judgeDirty } from './dirty.ts';
import { finalizeData, finalizeEntry, finalizeMetadata, sizesDiffer, type HealPlan } from './finalize.ts';
import { moved, settledDifference } from './motion.ts';
import { countOf, namesWhere, quorumCount, type AfrSet } from './replica-set.ts';

export function judgeTransaction(of: Transaction, set: AfrSet, input: FileInput): Aspect | undefined {
  const { replies } = input;
  const direction = findDirection(of, replies, quorumCount(set.quorum, replies.length));
  if (direction === 'not-all-answered') return undefined;
  if (!direction.pending) {
    if (replies.some((r) => dirtyOf(r, of) !== 0))
      return judgeDirty(of, set, input, planOf(of, direction, set, input));
    return judgeUnaccused(of, set, input, direction);
  }
  return judgeAccused(of, set, input, direction);
}

function planOf(of: Transaction, direction: Direction, set: AfrSet, { replies }: FileInput): HealPlan {
  if (of === 'data') return finalizeData(direction, replies, set);
  return of === 'metadata' ? finalizeMetadata(direction, replies, set) : finalizeEntry(direction);
}

function judgeAccused(of: Transaction, set: AfrSet, input: FileInput, direction: Direction): Aspect {
  const { replies } = input;
  const plan = planOf(of, direction, set, input);
  const heals = describePlan(plan, set);
  const base = { kind: of, heals, evidence: ['attributes' as const] };
  const bricks = replies.length;
  if (direction.splitBrain) {
    const harmless = plan.kind === 'heals' && !plan.by.startsWith('favorite-child');
    const why =
      of === 'entry'
        ? 'every brick is accused of missing entries'
        : 'every copy is accused, and no rule leaves one as a source';
    // Alike everywhere: whichever comes first heals the others, and nobody loses anything.
    const sources = flags(bricks, () => harmless);
    const sinks = flags(bricks, () => !harmless);
    const because = harmless ? `every copy is accused, but they are ${plan.by}` : why;
    const favored = !harmless && plan.kind === 'heals' ? { favored: plan.source } : {};
    return { ...base, ...favored, state: harmless ? 'healing' : 'split-brain', sources, sinks, because };
  }
  const everyoneAccused = direction.accused.every((n) => n > 0);
  const among = direction.sources;
  const cyclic =
    everyoneAccused &&
    among.some((s, i) => s && among.some((t, j) => t && i !== j && accusation(replies, i, j, of) !== 0));
  if (cyclic) return { ...base, ...cyclicBlame(set, plan, direction), state: 'cyclic-blame' };
  const narrowed = of === 'data' && plan.kind === 'heals' && sizesDiffer(replies.map(copyOf), among, set);
  const sources = narrowed ? plan.sources : among;
  const sinks = of === 'entry' && plan.kind === 'heals' ? direction.sinks : sources.map((s) => !s);
  const good = set.replicas.filter((r, i) => sources[i] === true && !r.arbiter);
  const serving = set.replicas.filter((r) => !r.arbiter).length;
  const sole = good.length <= 1 && serving > 1;
  const only = good[0]?.name;
  const who = whoAccuses(of, set, input, sources);
  const because = sole
    ? only === undefined
      ? `${who}: only the arbiter is unaccused, no copy with data is known to be good`
      : `${only} holds the only good copy: ${who}`
    : who;
  const doubts = everyoneAccused
    ? ['every copy is accused by somebody, so nothing can be read until it is healed']
    : [];
  const state = sole ? 'sole-good-copy' : 'healing';
  const accused = { ...base, state, sources, sinks, because } as const;
  if (of === 'data' && !everyoneAccused && sources.every((s, by) => !s || !accusesAny(of, input, by)))
    return { ...accused, doubtful: sources, notes: [unconfirmed(set, sources)] };
  return { ...accused, notes: doubts };
}

const accusesAny = (of: Transaction, { replies }: FileInput, by: number): boolean =>
  replies.some((_, on) => by !== on && accusation(replies, by, on, of) !== 0);

/** A write that one brick missed is noted by every brick that took it. */
const unconfirmed = (set: AfrSet, sources: readonly boolean[]): string =>
  `nobody accuses ${listed(set, sources)}, and ${countOf(sources) === 1 ? 'it accuses' : 'they accuse'} nobody: nothing there confirms the writes that the others missed (a copy from a backup or a snapshot looks like this); compare bytes and mtimes before the heal`;

/** Those whose word counts; where they say nothing, everybody. */
function whoAccuses(
  of: Transaction,
  set: AfrSet,
  { replies }: FileInput,
  sources: readonly boolean[],
): string {
  const accused = replies.map((_, by) => replies.map((__, on) => accusation(replies, by, on, of) !== 0));
  const some = accused.flatMap((row, by) => (row.includes(true) ? [by] : []));
  const counted = some.filter((by) => sources[by] === true);
  const said = Map.groupBy(counted.length === 0 ? some : counted, (by) =>
    [
      ...(accused[by]?.[by] === true ? ['itself'] : []),
      ...namesWhere(
        set,
        flags(replies.length, (on) => on !== by && accused[by]?.[on] === true),
      ),
    ].join(', '),
  );
  return [...said]
    .map(([on, by]) => {
      const who = namesWhere(
        set,
        flags(replies.length, (i) => by.includes(i)),
      ).join(', ');
      return `${who} accuse${by.length === 1 ? 's' : ''} ${on}`;
    })
    .join('; ');
}

/** All are accused, nobody by a quorum: GlusterFS calls all of them sources (fact 6; upstream issue #941). */
function cyclicBlame(
  set: AfrSet,
  plan: HealPlan,
  direction: Direction,
): Pick<Aspect, 'sources' | 'sinks' | 'because' | 'notes'> {
  const because = `${listed(set, direction.sources)} accuse each other in a circle: no copy can be read, and heal info never calls it split-brain`;
  const sinks = direction.sources.map((s) => !s);
  const silent =
    plan.kind === 'heals'
      ? ['GlusterFS will pick a winner by a tie-break; what only the losers hold is lost without a message']
      : [];
  return { sources: direction.sources, sinks, because, notes: silent };
}

/** Nobody accuses anybody: the attributes say clean, what else was collected may not. */
function judgeUnaccused(
  of: Transaction,
  set: AfrSet,
  input: FileInput,
  direction: Direction,
): Aspect | undefined {
  if (of === 'data') return silentData(set, input, direction);
  return of === 'metadata' ? silentMetadata(set, input, direction) : undefined;
}

function silentData(set: AfrSet, input: FileInput, direction: Direction): Aspect | undefined {
  const { replies } = input;
  const holding = set.replicas.flatMap((r, i) => (r.arbiter ? [] : [i]));
  const sizes = sizesDiffer(
    replies.map(copyOf),
    flags(replies.length, () => true),
    set,
  );
  const contents = contentsOf(replies, holding);
  if (!sizes && contents !== 'differ') return undefined;
  const plan = finalizeData(direction, replies, set);
  const settled = settledDifference(input);
  const winners = plan.kind === 'heals' ? plan.sources : flags(replies.length, () => false);
  return {
    state: settled.sure ? 'silent-divergence' : 'undecidable',
    kind: 'data',
    sources: sizes ? winners : flags(replies.length, () => false),
    sinks: sizes ? winners.map((w) => !w) : flags(replies.length, () => false),
    because: because(
      `${sizes ? 'sizes' : 'sha256 sums'} differ though no attribute accuses anybody: ${differing(set, replies.map(copyOf), holding, sizes)}`,
      settled.why,
    ),
    heals: sizes ? describePlan(plan, set) : 'never: nothing but a comparison of bytes shows it',
    evidence: sizes ? ['attributes', 'stat'] : ['attributes', 'sha256'],
    doubtful: flags(replies.length, (i) => holding.includes(i)),
  };
}

function differing(
  set: AfrSet,
  copies: readonly (Copy | undefined)[],
  holding: readonly number[],
  sizes: boolean,
): string {
  const shown = (c: Copy | undefined): string =>
    sizes ? `${c?.size} bytes` : (c?.sha256?.slice(0, 12) ?? 'not read');
  return holding.map((i) => `${set.replicas[i]?.name} ${shown(copies[i])}`).join(', ');
}

const IMAGE_SIZE = 'trusted.glusterfs.shard.file-size';

/** A writer that fills holes changes the size kept on the base file all the time, so bricks read one after the other differ in it. */
function sizeOfLiveImage(input: FileInput, copies: readonly (Copy | undefined)[]): boolean {
  const [first] = copies;
  const onlySize = copies.every(
    (c) =>
      first === undefined || c === undefined || metadataDifference(first, c).every((d) => d === IMAGE_SIZE),
  );
  return (
    onlySize &&
    input.earlier !== undefined &&
    input.replies.every((r, i) => moved(input.earlier?.[i], r) === true)
  );
}

const because = (what: string, why: string): string => (why === '' ? what : `${what}; ${why}`);

function silentMetadata(set: AfrSet, input: FileInput, direction: Direction): Aspect | undefined {
  const copies = input.replies.map(copyOf);
  const [first] = copies;
  const differs = copies.flatMap((c, i) => {
    const what = first === undefined || c === undefined ? [] : metadataDifference(first, c);
    return what.length === 0 ? [] : [`${set.replicas[i]?.name}: ${what.slice(0, 4).join(', ')}`];
  });
  if (differs.length === 0 || sizeOfLiveImage(input, copies)) return undefined;
  const plan = finalizeMetadata(direction, input.replies, set);
  const settled = settledDifference(input);
  return {
    state: settled.sure ? 'silent-divergence' : 'undecidable',
    kind: 'metadata',
    sources: flags(copies.length, () => false),
    sinks: flags(copies.length, () => false),
    because: because(
      `metadata differs from ${set.replicas[0]?.name}'s though no attribute accuses anybody (${differs.join('; ')})`,
      settled.why,
    ),
    heals: `at the next lookup, from whichever source comes first: ${describePlan(plan, set)}`,
    evidence: ['attributes', 'stat'],
  };
}
