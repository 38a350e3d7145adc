/** Trouble with the name itself: different gfids or types under it, or bricks that lack it. */
import { flags, listed, type Aspect, type FileInput } from './aspect.ts';
import { copyOf } from './copy.ts';
import { favoriteChild } from './favorite.ts';
import { settledDifference } from './motion.ts';
import { dataCopies, type AfrSet } from './replica-set.ts';

/** For a name that every brick was asked for. Undefined when all hold one gfid of one type. */
export function judgeIdentity(set: AfrSet, input: FileInput): Aspect | undefined {
  const conflict = conflicting(input);
  if (conflict !== undefined) return judgeConflict(set, input, conflict);
  if (input.replies.some((r) => r.kind === 'absent')) return judgeAbsence(set, input);
  return judgeLostGfid(set, input);
}

/** What the connected copies disagree about. Type comes first: a different type never resolves by command. */
export function conflicting(
  { replies }: Pick<FileInput, 'replies'>,
  up?: readonly boolean[],
): 'gfid' | 'type' | undefined {
  const copies = replies.flatMap((r, i) => (r.kind === 'copy' && up?.[i] !== false ? [r.copy] : []));
  const different = (values: readonly (string | undefined)[]): boolean =>
    new Set(values.filter((v) => v !== undefined)).size > 1;
  if (different(copies.map((c) => c.type))) return 'type';
  return different(copies.map((c) => c.gfid)) ? 'gfid' : undefined;
}

/**
 * A parent with a clear direction expunges and recreates the name on its sinks (afr-self-heal-entry.c
 * `__afr_selfheal_heal_dirent`); otherwise the merge refuses (`afr_selfheal_detect_gfid_and_type_mismatch`).
 */
function judgeConflict(set: AfrSet, input: FileInput, kind: 'gfid' | 'type'): Aspect {
  const { replies, parent } = input;
  const shown = set.replicas.map((r, i) => {
    const copy = copyOf(replies[i]);
    return `${r.name}: ${copy === undefined ? 'no such name' : kind === 'type' ? copy.type : (copy.gfid ?? 'no gfid')}`;
  });
  const because = `different ${kind === 'type' ? 'types' : 'gfids'} under one name (${shown.join(', ')})`;
  if (parent?.kind === 'heals' && conflicting(input, parent.sources) === undefined) {
    return {
      state: dataCopies(set, parent.sources) <= 1 ? 'sole-good-copy' : 'healing',
      kind: 'entry',
      sources: parent.sources,
      sinks: parent.sinks,
      because: `${because}, and the parent directory accuses ${listed(set, parent.sinks)}: the name was made again while it was away`,
      heals: `by itself once all bricks are connected: ${listed(set, parent.sinks)} gets the name anew`,
      evidence: ['attributes', 'parent directory'],
    };
  }
  const none = flags(replies.length, () => false);
  const favorite = kind === 'gfid' ? favoriteOf(set, replies) : undefined;
  const heals =
    kind === 'type'
      ? 'never, and no heal command resolves it: remove all but one by hand'
      : favorite === undefined
        ? 'never by itself: a person has to choose'
        : `by itself once all bricks are connected: ${favorite}'s file replaces the others (favorite-child-policy ${set.favoriteChild})`;
  return { state: 'split-brain', kind, sources: none, sinks: none, because, heals, evidence: ['attributes'] };
}

/** afr-self-heal-common.c `afr_gfid_split_brain_source`: the policy needs every brick, and is never used on directories. */
function favoriteOf(set: AfrSet, replies: FileInput['replies']): string | undefined {
  const copies = replies.map(copyOf);
  if (copies.some((c) => c === undefined || c.type === 'directory')) return undefined;
  if (set.favoriteChild === 'majority') {
    const votes = (gfid: string | undefined): number => copies.filter((c) => c?.gfid === gfid).length;
    const winner = copies.findIndex((c) => copies.length > 2 && votes(c?.gfid) > copies.length / 2);
    return set.replicas[winner]?.name;
  }
  return set.replicas[favoriteChild(set.favoriteChild, copies) ?? -1]?.name;
}

function judgeAbsence(set: AfrSet, input: FileInput): Aspect {
  const { replies, parent } = input;
  const absent = replies.map((r) => r.kind === 'absent');
  const present = replies.map((r) => r.kind === 'copy');
  const kind = 'entry';
  const missing = `the name is missing on ${listed(set, absent)}`;
  if (parent?.kind === 'heals')
    return { ...byParent(set, parent, absent, present), kind, evidence: ['attributes', 'parent directory'] };
  if (parent?.kind === 'merges')
    return {
      state: dataCopies(set, present) === 1 ? 'sole-good-copy' : 'healing',
      kind,
      sources: present,
      sinks: absent,
      because: `${missing} and the parent directory is in conflict or dirty`,
      heals: `by itself, as a conservative merge: the name comes to ${listed(set, absent)}, even if it had been deleted there`,
      evidence: ['attributes', 'parent directory'],
      // Nothing tells a name that was made on one side from one that was removed on the other.
      doubtful: present,
    };
  if (parent?.kind === 'unseen')
    return {
      state: 'undecidable',
      kind,
      sources: present,
      sinks: absent,
      because: `${missing} and the parent directory was not seen on every brick`,
      heals: "can't be told",
      evidence: ['attributes'],
    };
  const settled = settledDifference(input);
  const raced = settled.sure ? '' : `; ${settled.why}`;
  const once = settled.sure && input.earlier === undefined;
  const doubt = once ? ' (or it was made or removed between the reads: take a second snapshot)' : raced;
  return {
    state: settled.sure ? 'silent-divergence' : 'undecidable',
    kind,
    sources: present,
    sinks: absent,
    because: `${missing} and no attribute says so${doubt}`,
    heals: `perhaps, when somebody looks the name up: then it comes to ${listed(set, absent)}`,
    evidence: [
      'attributes',
      'parent directory',
      ...(input.earlier === undefined ? [] : (['second snapshot'] as const)),
    ],
    doubtful: present,
  };
}

function byParent(
  set: AfrSet,
  parent: { readonly sources: readonly boolean[]; readonly sinks: readonly boolean[] },
  absent: readonly boolean[],
  present: readonly boolean[],
): Omit<Aspect, 'kind' | 'evidence'> {
  const deleted = parent.sources.every((s, i) => !s || absent[i] === true);
  const sinks = parent.sinks.map((s, i) => s && (deleted ? present[i] === true : absent[i] === true));
  const state = dataCopies(set, parent.sources) === 1 && !deleted ? 'sole-good-copy' : 'healing';
  const because = deleted
    ? `deleted while ${listed(set, sinks)} was away, where it is still there`
    : `made while ${listed(set, sinks)} was away`;
  const heals = deleted
    ? `by itself: the name goes from ${listed(set, sinks)}`
    : `by itself: ${listed(set, sinks)} gets the name`;
  return { state, sources: parent.sources, sinks, because, heals, deleted };
}

/** A copy without a gfid gets one at the next lookup when all bricks are up (afr-self-heal-name.c `__afr_selfheal_assign_gfid`). */
function judgeLostGfid(set: AfrSet, { replies }: FileInput): Aspect | undefined {
  const lost = replies.map((r) => r.kind === 'copy' && r.copy.gfid === undefined);
  if (!lost.includes(true)) return undefined;
  const all = !lost.includes(false);
  return {
    state: all ? 'undecidable' : 'healing',
    kind: 'gfid',
    sources: lost.map((l) => !l),
    sinks: lost,
    because: all
      ? 'no brick has a gfid for it: collect again with a pattern that includes trusted.gfid'
      : `no gfid on ${listed(set, lost)}`,
    heals: 'at the next lookup, with all bricks connected',
    evidence: ['attributes'],
    ...(all ? { doubtful: lost } : {}),
  };
}
