/**
 * Dirty without an accusation. One snapshot can't tell a live writer from a killed client, nor either of them from a brick
 * and a client killed together, which leaves stale data behind (measured: states 02, 14, 21). Further evidence decides.
 */
import {
  contentsOf,
  dataBricks,
  describePlan,
  flags,
  listed,
  type Aspect,
  type FileInput,
} from './aspect.ts';
import type { Transaction } from './changelog.ts';
import { copyOf, dirtyOf, type Copy } from './copy.ts';
import type { HealPlan } from './finalize.ts';
import { moved } from './motion.ts';
import { countOf, dataCopies, type AfrSet } from './replica-set.ts';
import type { Evidence, FileState } from './state.ts';

/** A live writer's file changes, and its dirty mark goes about a second after it stops (post-op-delay); a call that hangs in ping-timeout was measured at 33 s. */
const NO_WRITER_AFTER_MS = 120_000;

interface Judged {
  readonly state: FileState;
  readonly because: string;
  readonly evidence: readonly Evidence[];
}

export function judgeDirty(of: Transaction, set: AfrSet, input: FileInput, plan: HealPlan): Aspect {
  const bricks = input.replies.length;
  const marked = flags(bricks, (i) => dirtyOf(input.replies[i], of) !== 0);
  const fresh = freshness(of, set, input);
  const missed = missedWrites(of, set, input);
  if (missed !== undefined) {
    const sources = missed.map((m) => !m);
    const good = dataCopies(set, sources);
    return {
      state: good === 1 ? 'sole-good-copy' : 'healing',
      kind: of,
      sources,
      sinks: missed,
      because: `a writer changes ${listed(set, sources)} but not ${listed(set, missed)}; the accusations are not written yet`,
      heals: 'once the writer lets go of its lock and all bricks are connected',
      evidence: ['second snapshot', 'mtime'],
      stale: missed,
    };
  }
  const judged = judge(of, set, input, marked);
  const settled = judged.state === 'persistent-dirty' && plan.kind === 'heals';
  return {
    ...judged,
    kind: of,
    sources: settled ? plan.sources : flags(bricks, () => false),
    sinks: settled ? plan.sinks : flags(bricks, () => false),
    // While a writer is at work sums of bricks read one after the other differ anyway.
    because: judged.state === 'clean' ? judged.because : `${judged.because}; ${fresh.says}`,
    heals: judged.state === 'clean' ? 'nothing to heal: a writer is at work' : describePlan(plan, set),
    evidence: [...new Set<Evidence>([...judged.evidence, ...fresh.evidence])],
    stale: fresh.stale,
    doubtful: judged.state === 'clean' ? [] : fresh.doubtful,
  };
}

function judge(of: Transaction, set: AfrSet, input: FileInput, marked: readonly boolean[]): Judged {
  const where = `dirty without an accusation on ${listed(set, marked)}`;
  if (input.earlier !== undefined) return judgeTwice(of, set, input, where);
  const oldest = youngestAge(input);
  if (oldest !== undefined && oldest > NO_WRITER_AFTER_MS)
    return {
      state: 'persistent-dirty',
      because: `${where}, and no copy was changed in the last ${Math.floor(oldest / 1000)} s before it was read: no writer is alive`,
      evidence: ['attributes', 'mtime'],
    };
  return {
    state: 'undecidable',
    because: `${where}: a live writer, a killed client, or a brick and a client killed together look like this; take a second snapshot (--later)`,
    evidence: ['attributes'],
  };
}

function judgeTwice(of: Transaction, set: AfrSet, input: FileInput, where: string): Judged {
  const evidence: Evidence[] = ['attributes', 'second snapshot'];
  const data = dataBricks(set, input.replies);
  const moves = data.map((i) => moved(input.earlier?.[i], input.replies[i]));
  if (moves.includes(undefined))
    return {
      state: 'undecidable',
      because: `${where} in both snapshots, but without find.tsv or sha256.txt nobody can tell whether a writer was at work`,
      evidence,
    };
  if (moves.every((m) => m === true)) return judgeWriter(of, input, evidence, where);
  const wasDirty = (input.earlier ?? []).some((r) => dirtyOf(r, of) !== 0);
  if (!wasDirty)
    return {
      state: 'undecidable',
      because: `${where} only since the second snapshot; take a third`,
      evidence,
    };
  return {
    state: 'persistent-dirty',
    because: `${where} in both snapshots while no copy changed: no writer is alive`,
    evidence: [...evidence, 'mtime'],
  };
}

/**
 * Every copy changed. Marks of one writer are one on every brick, or gone in one of the snapshots; a mark that an earlier
 * writer left comes on top of that.
 */
function judgeWriter(
  of: Transaction,
  input: FileInput,
  evidence: readonly Evidence[],
  where: string,
): Judged {
  const marks = [...input.replies, ...(input.earlier ?? [])].map((r) => dirtyOf(r, of));
  const everywhere = input.replies.every((r) => dirtyOf(r, of) === 1);
  const seenGone = input.replies.every(
    (r, i) => dirtyOf(r, of) === 0 || dirtyOf(input.earlier?.[i], of) === 0,
  );
  if (Math.max(...marks) <= 1 && (everywhere || seenGone))
    return {
      state: 'clean',
      because:
        'a live writer: every copy changed between the snapshots, and no mark stays that is not its own',
      evidence: [...evidence, 'mtime'],
    };
  return {
    state: 'undecidable',
    because: `${where}: a writer is at work, but an earlier writer may have left some of the marks`,
    evidence,
  };
}

/** Bricks that a live writer does not reach: others are dirty and changed between the snapshots, these did not change. */
function missedWrites(of: Transaction, set: AfrSet, input: FileInput): readonly boolean[] | undefined {
  if (input.earlier === undefined || of === 'metadata') return undefined;
  const data = dataBricks(set, input.replies);
  const motion = (i: number): boolean | undefined => moved(input.earlier?.[i], input.replies[i]);
  const still = flags(input.replies.length, (i) => data.includes(i) && motion(i) === false);
  const moving = data.filter((i) => motion(i) === true && dirtyOf(input.replies[i], of) !== 0);
  return moving.length > 0 && countOf(still) > 0 && moving.length + countOf(still) === data.length
    ? still
    : undefined;
}

/** Milliseconds since the youngest copy was changed, when that is known of all. */
function youngestAge({ replies, seenAtMs }: FileInput): number | undefined {
  const ages = replies.map((r, i) => {
    const [seen, copy] = [seenAtMs?.[i], copyOf(r)];
    return seen === undefined || copy?.mtimeMs === undefined ? undefined : seen - copy.mtimeMs;
  });
  return ages.some((a) => a === undefined) ? undefined : Math.min(...ages.map((a) => a ?? 0));
}

interface Freshness {
  readonly stale: readonly boolean[];
  readonly doubtful: readonly boolean[];
  readonly says: string;
  readonly evidence: readonly Evidence[];
}

/** Which copies lack data: the ledger knows, sums tell whether there is a question, mtime gives a hint. */
function freshness(of: Transaction, set: AfrSet, input: FileInput): Freshness {
  const bricks = input.replies.length;
  const none = flags(bricks, () => false);
  if (of !== 'data') return { stale: none, doubtful: none, says: `${of} only`, evidence: [] };
  const data = dataBricks(set, input.replies);
  const missing = input.ledger?.missing;
  if (missing !== undefined) {
    const stale = flags(bricks, (i) => data.includes(i) && (missing[i]?.length ?? 0) > 0);
    const says =
      countOf(stale) === 0
        ? 'the ledger finds every acknowledged write on every brick'
        : `the ledger misses acknowledged writes on ${listed(set, stale)}`;
    return { stale, doubtful: none, says, evidence: ['ledger'] };
  }
  const contents = contentsOf(input.replies, data);
  if (contents === 'equal')
    return {
      stale: none,
      doubtful: none,
      says: 'the copies are equal (sha256), so no copy is stale',
      evidence: ['sha256'],
    };
  const older = olderCopies(data, input.replies.map(copyOf), bricks);
  const hint =
    countOf(older) > 0
      ? `; by mtime ${listed(set, older)} is older, which suggests but does not prove that it is stale`
      : '';
  const doubtful = flags(bricks, (i) => data.includes(i));
  if (contents === 'differ')
    return {
      stale: none,
      doubtful,
      says: `sha256 sums differ: a copy is stale${hint}`,
      evidence: hint === '' ? ['sha256'] : ['sha256', 'mtime'],
    };
  return {
    stale: none,
    doubtful,
    says: `bytes were not compared, so a stale copy can't be ruled out${hint}`,
    evidence: hint === '' ? [] : ['mtime'],
  };
}

/** Copies more than a second older than the newest; bricks that took the same writes differ by milliseconds. */
function olderCopies(
  data: readonly number[],
  copies: readonly (Copy | undefined)[],
  bricks: number,
): boolean[] {
  const times = data.map((i) => copies[i]?.mtimeMs);
  if (times.includes(undefined)) return flags(bricks, () => false);
  const newest = Math.max(...times.map((t) => t ?? 0));
  return flags(bricks, (i) => data.includes(i) && newest - (copies[i]?.mtimeMs ?? 0) > 1000);
}
