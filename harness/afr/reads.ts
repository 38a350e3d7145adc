/** What an application gets when it opens and reads, or writes, with a given set of bricks connected. */
import { copyOf, type Copy, type Reply } from './copy.ts';
import { hasQuorum, namesWhere, type AfrSet } from './replica-set.ts';

/**
 * `newest`: what was acknowledged last. `may-be-old`: succeeds, but an old copy may answer. `old`: succeeds with a copy
 * known to lack writes. `EIO`/`ENOTCONN`: a new open or the read fails. `absent`: ENOENT, rightly.
 */
export type ReadResult = 'newest' | 'may-be-old' | 'old' | 'EIO' | 'ENOTCONN' | 'absent' | 'unknown';
export interface Reads {
  readonly result: ReadResult;
  /** Bricks that may answer. */
  readonly from: readonly string[];
  readonly because: string;
}
export type Writes = { readonly result: 'ok' | 'EIO' | 'ENOTCONN' | 'unknown'; readonly because: string };

/** What reads can't see by themselves: which copies are stale for certain, and which may be. */
export interface Freshness {
  readonly stale: readonly boolean[];
  readonly doubtful: readonly boolean[];
}

interface Readable {
  readonly data: boolean[];
  readonly metadata: boolean[];
}

/**
 * afr-common.c `afr_readables_fill`: a copy that anybody connected accuses can't be read; nor can an arbiter.
 * `afr_accuse_smallfiles`: nor a smaller copy while nobody writes (a writer shows as dirty).
 */
function readable(set: AfrSet, replies: readonly Reply[], up: readonly boolean[]): Readable {
  const copies = replies.map((r, i) => (up[i] === true ? copyOf(r) : undefined));
  const directory = isDirectory(replies);
  const accusedOf = (of: 'data' | 'metadata' | 'entry', on: number): boolean =>
    copies.some((c) => (c?.accuses[on]?.[of] ?? 0) !== 0);
  const may = (of: 'data' | 'metadata' | 'entry'): boolean[] =>
    set.replicas.map((r, i) => copies[i] !== undefined && !r.arbiter && !accusedOf(of, i));
  const data = may(directory ? 'entry' : 'data');
  const writing = copies.some((c) => (c?.dirty.data ?? 0) !== 0);
  const largest = copies.reduce((max, c, i) => (data[i] === true ? Math.max(max, c?.size ?? 0) : max), 0);
  const small = (c: Copy | undefined): boolean => c?.size !== undefined && c.size < largest;
  return {
    data: directory || writing ? data : data.map((is, i) => is && !small(copies[i])),
    metadata: may('metadata'),
  };
}

/** A new open and read of a name that has one gfid and one type. `up`: the bricks that the client is connected to. */
export function readsWith(
  set: AfrSet,
  replies: readonly Reply[],
  up: readonly boolean[],
  fresh: Freshness,
): Reads {
  // afr-common.c `afr_inode_refresh_done`, `afr_lookup_done`: without quorum nothing is interpreted.
  if (!hasQuorum(up, set.quorum) || !up.includes(true)) return fails('ENOTCONN', 'quorum is lost');
  if (replies.some((r, i) => up[i] === true && r.kind === 'unseen'))
    return { result: 'unknown', from: [], because: 'a brick that may answer reads was not seen' };
  const can = readable(set, replies, up);
  const both = can.data.map((is, i) => is && can.metadata[i] === true);
  const serving = both.includes(true) ? both : can.data;
  if (!both.includes(true) && !(can.data.includes(true) && can.metadata.includes(true)))
    return isDirectory(replies) && lookupPasses(set, can.data)
      ? anyListing(set, replies, up)
      : nothingReadable(set, can.data);
  const from = namesWhere(set, serving);
  const any = (flags: readonly boolean[]): boolean => serving.some((s, i) => s && flags[i] === true);
  if (any(fresh.stale)) {
    const mixed = serving.some((s, i) => s && fresh.stale[i] !== true);
    return {
      result: mixed ? 'may-be-old' : 'old',
      from,
      because: 'a copy that lacks writes can answer, and nobody connected accuses it',
    };
  }
  if (any(fresh.doubtful))
    return { result: 'may-be-old', from, because: 'no attribute tells which copy is newest' };
  return { result: 'newest', from, because: 'only copies that nobody accuses answer' };
}

/**
 * Nothing can be read: with a quorum rule the lookup already fails with ENOTCONN (`afr_attempt_readsubvol_set`),
 * without one it passes and the read fails with EIO (`afr_inode_get_readable`). A file opened before gets EIO either way.
 */
function nothingReadable(set: AfrSet, data: readonly boolean[]): Reads {
  return lookupPasses(set, data)
    ? fails('EIO', 'every connected copy is accused')
    : fails(
        'ENOTCONN',
        'every connected copy is accused (ENOTCONN though bricks are connected; EIO on files opened before)',
      );
}

/** True as well where there is no quorum rule: then no number is too small. */
const lookupPasses = (set: AfrSet, data: readonly boolean[]): boolean => hasQuorum(data, set.quorum);

const isDirectory = (replies: readonly Reply[]): boolean =>
  replies.some((r) => copyOf(r)?.type === 'directory');

/** A directory in conflict can still be listed, from any connected brick (`afr_inode_get_readable`); the listings differ per mount. */
function anyListing(set: AfrSet, replies: readonly Reply[], up: readonly boolean[]): Reads {
  const from = namesWhere(
    set,
    replies.map((r, i) => up[i] === true && r.kind === 'copy'),
  );
  return {
    result: 'may-be-old',
    from,
    because: 'the directory is in conflict: any brick lists it, each with its own names',
  };
}

const fails = (result: 'EIO' | 'ENOTCONN', because: string): Reads => ({ result, from: [], because });

/**
 * afr-transaction.c `afr_transaction_fop`: a write needs quorum and at least one connected copy that nobody accuses
 * (`afr_is_write_subvol_valid`); a new open fails before, like a read.
 */
export function writesWith(set: AfrSet, replies: readonly Reply[], up: readonly boolean[]): Writes {
  if (!hasQuorum(up, set.quorum) || !up.includes(true))
    return { result: 'ENOTCONN', because: 'quorum is lost' };
  if (replies.some((r, i) => up[i] === true && r.kind === 'unseen'))
    return { result: 'unknown', because: 'a brick was not seen' };
  if (replies.every((r, i) => up[i] !== true || r.kind === 'absent'))
    return { result: 'ok', because: 'a write makes the name anew' };
  const can = readable(set, replies, up);
  if (can.data.includes(true) || (isDirectory(replies) && lookupPasses(set, can.data)))
    return { result: 'ok', because: 'a copy that nobody accuses is connected' };
  const open = nothingReadable(set, can.data).result;
  return { result: open === 'ENOTCONN' ? 'ENOTCONN' : 'EIO', because: 'every connected copy is accused' };
}

/** afr-common.c `afr_lookup_done`: connected bricks that disagree about the gfid or type of a name give EIO. */
export const conflictingReads = (set: AfrSet, up: readonly boolean[], what: string): Reads =>
  hasQuorum(up, set.quorum)
    ? fails('EIO', `connected bricks hold different ${what} under this name`)
    : fails('ENOTCONN', 'quorum is lost');
