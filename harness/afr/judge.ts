/** The state of one file, from what every brick of its replica set answered. */
import { contentsOf, dataBricks, flags, listed, type Aspect, type FileInput } from './aspect.ts';
import { isPending, NOTHING_PENDING, TRANSACTIONS, type Transaction } from './changelog.ts';
import { accusation, commonType, copyOf, type Copy, type Reply } from './copy.ts';
import { cleanVerdict, isPlainlyClean } from './clean.ts';
import { equalsGoodCopy, ifDownOf, ifSourceOf, readsOf } from './counterfactual.ts';
import { judgeIdentity } from './identity.ts';
import { settledDifference } from './motion.ts';
import { namesWhere, type AfrSet } from './replica-set.ts';
import { indexNotes } from './index-notes.ts';
import { alsoTheRemoval, ifDownOfRemoved, ifSourceOfRemoved, withoutItsName } from './removed.ts';
import { stateRank, type Blame, type ConflictKind, type Evidence, type FileVerdict } from './state.ts';
import { judgeTransaction } from './transaction.ts';

/** Judges one name. Never `clean` when a brick was not seen. */
export function judgeFile(set: AfrSet, input: FileInput): FileVerdict {
  const { replies } = input;
  if (isPlainlyClean(set, replies.map(copyOf)) && input.index === undefined && input.earlier === undefined)
    return cleanVerdict(set, input);
  const aspects = aspectsOf(set, input);
  if (aspects.length === 0) return { ...cleanVerdict(set, input), notes: indexNotes(set, input) };
  return withoutItsName(set, input, combine(set, wholeFile(input), aspects));
}

function aspectsOf(set: AfrSet, input: FileInput): Aspect[] {
  const unseen = judgeUnseen(set, input);
  if (unseen !== undefined) return [unseen];
  const identity = judgeIdentity(set, input);
  const lostGfid = identity?.kind === 'gfid' && identity.state !== 'split-brain';
  if (identity !== undefined && !lostGfid)
    return input.replies.some((r) => r.kind === 'absent')
      ? [identity, ...inodeAspects(set, input)]
      : [identity];
  const judged = transactionsOf(input).flatMap((of) => judgeTransaction(of, set, input) ?? []);
  const silent = judged.every((a) => a.kind !== 'data') ? [] : divergingSources(set, input, judged);
  return [...(identity === undefined ? [] : [identity]), ...judged, ...silent];
}

/** A directory's data word only asks for a full crawl (afr-self-heal-common.c `afr_selfheal_unlocked_inspect`); files have no entries. */
function transactionsOf({ replies }: FileInput): readonly Transaction[] {
  const type = commonType(replies) ?? (hasEntryWord(replies.map(copyOf)) ? 'directory' : 'file');
  if (type === 'directory') return ['metadata', 'entry'];
  return type === 'file' ? ['data', 'metadata'] : ['metadata'];
}

const hasEntryWord = (copies: readonly (Copy | undefined)[]): boolean =>
  copies.some((c) => c !== undefined && (c.dirty.entry !== 0 || c.accuses.some((a) => a.entry !== 0)));

/** afr_selfheal_find_direction answers -ENOTCONN when a brick is missing; so do we, and say what can be said. */
function judgeUnseen(set: AfrSet, { replies }: FileInput): Aspect | undefined {
  const unseen = replies.map((r) => r.kind === 'unseen');
  if (!unseen.includes(true)) return undefined;
  const because = replies.flatMap((r, i) =>
    r.kind === 'unseen' ? [`${set.replicas[i]?.name}: ${r.because}`] : [],
  );
  const kinds = TRANSACTIONS.filter((of) =>
    replies.some((_, by) => replies.some((__, on) => accusation(replies, by, on, of) !== 0)),
  );
  const accused = flags(replies.length, (on) =>
    replies.some((_, by) => TRANSACTIONS.some((of) => accusation(replies, by, on, of) !== 0)),
  );
  const seenGood = replies.some(
    (r, i) => r.kind === 'copy' && accused[i] !== true && set.replicas[i]?.arbiter === false,
  );
  const notes = seenGood
    ? []
    : [`every copy that was seen is accused: if a good one exists, it is on ${listed(set, unseen)}`];
  return {
    state: 'undecidable',
    kind: kinds[0] ?? (commonType(replies) === 'directory' ? 'entry' : 'data'),
    sources: flags(replies.length, () => false),
    sinks: accused,
    because: `not every brick was seen (${because.join('; ')})`,
    heals: 'not while a brick is missing: GlusterFS decides nothing then',
    evidence: ['attributes'],
    notes,
  };
}

/** A name that is missing on a brick: the file behind it may be there under another name, and is judged as a whole then. */
function inodeAspects(set: AfrSet, input: FileInput): Aspect[] {
  const whole = wholeFile(input);
  if (whole === input) return hiddenSplit(set, input);
  return transactionsOf(whole).flatMap((of) => judgeTransaction(of, set, whole) ?? []);
}

/** With the copies that are found under another name put where this one is missing. */
function wholeFile(input: FileInput): FileInput {
  const elsewhere = input.elsewhere ?? [];
  if (elsewhere.every((c) => c === undefined)) return input;
  const replies = input.replies.map((r, i): Reply => {
    const copy = elsewhere[i];
    return r.kind === 'absent' && copy !== undefined ? { kind: 'copy', copy } : r;
  });
  return { ...input, replies };
}

/** The brick that lacks the file altogether has no say, but the others may accuse each other. */
function hiddenSplit(set: AfrSet, input: FileInput): Aspect[] {
  if (!input.replies.some((r) => r.kind === 'absent') || commonType(input.replies) === 'directory') return [];
  const accuses = (i: number, j: number): boolean => i !== j && accusation(input.replies, i, j, 'data') !== 0;
  const mutual = input.replies.some((_, i) => input.replies.some((__, j) => accuses(i, j) && accuses(j, i)));
  if (!mutual) return [];
  const empty: Copy = {
    dirty: NOTHING_PENDING,
    accuses: set.replicas.map(() => NOTHING_PENDING),
    xattrs: {},
  };
  const replies = input.replies.map((r): Reply => (r.kind === 'absent' ? { kind: 'copy', copy: empty } : r));
  const aspect = judgeTransaction('data', set, { ...input, replies });
  return aspect !== undefined && (aspect.state === 'split-brain' || aspect.state === 'cyclic-blame')
    ? [aspect]
    : [];
}

/** Several bricks count as good but their bytes differ: worse than what the accusations say. */
function divergingSources(set: AfrSet, input: FileInput, judged: readonly Aspect[]): Aspect[] {
  const data = judged.find((a) => a.kind === 'data');
  if (data === undefined || data.state !== 'healing') return [];
  const good = dataBricks(set, input.replies).filter((i) => data.sources[i] === true);
  if (contentsOf(input.replies, good) !== 'differ' || !settledDifference(input).sure) return [];
  return [
    {
      ...data,
      state: 'silent-divergence',
      because: `${listed(set, data.sources)} count as good, but their sha256 sums differ`,
      heals: 'from whichever of them is chosen first',
      evidence: ['attributes', 'sha256'],
      doubtful: flags(input.replies.length, (i) => good.includes(i)),
    },
  ];
}

function combine(set: AfrSet, input: FileInput, aspects: readonly Aspect[]): FileVerdict {
  const sorted = [...aspects].sort((a, b) => stateRank(b.state) - stateRank(a.state));
  const worst = sorted[0] as Aspect;
  const bricks = input.replies.length;
  const told = sorted.filter((a) => a.sources.includes(true));
  const common = flags(bricks, (i) => told.length > 0 && told.every((a) => a.sources[i] === true));
  const sources =
    worst.state === 'split-brain' || common.includes(true)
      ? common
      : flags(bricks, (i) => told.some((a) => a.sources[i] === true));
  const stuck = sorted.some((a) => a.state === 'split-brain' && !a.sources.includes(true));
  const sinks = flags(bricks, (i) => sorted.some((a) => a.sinks[i] === true));
  const fresh = freshnessOf(input, sorted);
  const gfid = input.replies.map((r) => copyOf(r)?.gfid).find((g) => g !== undefined);
  const type = commonType(input.replies);
  return {
    path: input.path,
    ...(gfid === undefined ? {} : { gfid }),
    ...(type === undefined ? {} : { type }),
    state: worst.state,
    kinds:
      worst.state === 'clean'
        ? []
        : [...new Set<ConflictKind>(sorted.filter((a) => a.state !== 'clean').map((a) => a.kind))],
    sources: stuck || worst.state === 'clean' ? [] : namesWhere(set, sources),
    sinks: worst.state === 'clean' ? [] : namesWhere(set, sinks),
    blame: blameOf(set, input),
    dirty: set.replicas
      .filter((_, i) => isPending(copyOf(input.replies[i])?.dirty ?? NOTHING_PENDING))
      .map((r) => r.name),
    reads: readsNow(set, input, fresh, sorted),
    because: sorted.map((a) => (sorted.length > 1 ? `${a.kind}: ${a.because}` : a.because)).join('; '),
    heals: worst.heals,
    evidence: [...new Set<Evidence>(sorted.flatMap((a) => a.evidence))],
    notes: [...sorted.flatMap((a) => a.notes ?? []), ...indexNotes(set, input)],
    ...whatIf(set, input, sorted, fresh),
  };
}

function whatIf(
  set: AfrSet,
  input: FileInput,
  aspects: readonly Aspect[],
  fresh: ReturnType<typeof freshnessOf>,
): Pick<FileVerdict, 'ifDown' | 'ifSource'> {
  const ifDown = ifDownOf(set, input, fresh);
  const ifSource = ifSourceOf(set, input, fresh);
  const removed = aspects.find((a) => a.deleted === true);
  if (removed === undefined) return { ifDown, ifSource };
  return {
    ifDown: ifDownOfRemoved(set, input, removed, ifDown),
    ifSource: aspects.length === 1 ? ifSourceOfRemoved(set, removed) : alsoTheRemoval(set, removed, ifSource),
  };
}

function readsNow(
  set: AfrSet,
  input: FileInput,
  fresh: ReturnType<typeof freshnessOf>,
  aspects: readonly Aspect[],
): FileVerdict['reads'] {
  if (aspects.some((a) => a.deleted === true))
    return {
      result: 'absent',
      from: [],
      because: 'the bricks that count in the directory above removed the name',
    };
  const chosen = aspects[0]?.favored;
  const favored = chosen === undefined ? undefined : set.replicas[chosen]?.name;
  // afr-common.c `afr_txn_refresh_done`: with a policy the first read settles the split brain (`afr_fav_child_reset_sink_xattrs`).
  if (favored !== undefined && contentsOf(input.replies, dataBricks(set, input.replies)) === 'equal')
    return {
      result: 'newest',
      from: [favored],
      because: `favorite-child-policy ${set.favoriteChild} lets ${favored} answer, and the copies are equal`,
    };
  if (favored !== undefined)
    return {
      result: 'old',
      from: [favored],
      because: `favorite-child-policy ${set.favoriteChild} lets ${favored} answer, without what only the others hold`,
    };
  const up = input.replies.map((r) => r.kind !== 'unseen');
  const reads = readsOf(set, input, up, fresh);
  if (!up.includes(false)) return reads;
  const result = reads.result === 'newest' ? 'may-be-old' : reads.result;
  return { ...reads, result, because: `${reads.because} (bricks that were not seen count as down)` };
}

/** A copy is stale when a good copy accuses it of data, unless their bytes were compared and are equal. */
function freshnessOf(
  input: FileInput,
  aspects: readonly Aspect[],
): { stale: boolean[]; doubtful: boolean[] } {
  const bricks = input.replies.length;
  const directory = commonType(input.replies) === 'directory';
  const accused = (on: number): boolean =>
    input.replies.some(
      (_, by) =>
        by !== on &&
        accusation(input.replies, by, on, directory ? 'entry' : 'data') !== 0 &&
        contentsOf(input.replies, [by, on]) !== 'equal',
    );
  const byAspect = (list: 'stale' | 'doubtful', i: number): boolean =>
    aspects.some((a) => a[list]?.[i] === true);
  return {
    stale: flags(bricks, (i) => (accused(i) && !equalsGoodCopy(input, i)) || byAspect('stale', i)),
    doubtful: flags(bricks, (i) => byAspect('doubtful', i)),
  };
}

export function blameOf(set: AfrSet, { replies }: Pick<FileInput, 'replies'>): Blame[] {
  const blame: Blame[] = [];
  for (const [by, reply] of replies.entries()) {
    for (const [on, log] of (copyOf(reply)?.accuses ?? []).entries()) {
      if (isPending(log))
        blame.push({ by: set.replicas[by]?.name ?? '', on: set.replicas[on]?.name ?? '', ...log });
    }
  }
  return blame;
}
