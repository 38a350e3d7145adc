/** What if: one brick's node goes down now, or one brick is chosen as the source. */
import { contentsOf, total, type FileInput } from './aspect.ts';
import { NOTHING_PENDING, TRANSACTIONS, type Changelog } from './changelog.ts';
import { accusation, copyOf, metadataDifference, type Copy } from './copy.ts';
import { conflicting } from './identity.ts';
import { conflictingReads, readsWith, writesWith, type Freshness, type Reads } from './reads.ts';
import { hasQuorum, type AfrSet } from './replica-set.ts';
import type { IfDown, IfSource } from './state.ts';

/** Reads of one name with the given bricks connected; bricks that were not seen count as down. */
export function readsOf(set: AfrSet, input: FileInput, up: readonly boolean[], fresh: Freshness): Reads {
  const conflict = conflicting(input, up);
  if (conflict !== undefined) return conflictingReads(set, up, conflict === 'type' ? 'types' : 'gfids');
  if (input.replies.every((r, i) => up[i] !== true || r.kind === 'absent') && hasQuorum(up, set.quorum))
    return missingReads(input);
  return readsWith(set, input.replies, up, fresh);
}

/** A shard that is not there is a hole: zeros are read where another brick holds data. */
function missingReads(input: FileInput): Reads {
  const lost = input.path.startsWith('/.shard/') && input.replies.some((r) => r.kind === 'copy');
  if (lost)
    return { result: 'old', from: [], because: 'no connected brick has this shard: zeros are read for it' };
  return { result: 'absent', from: [], because: 'no connected brick has the name' };
}

export function ifDownOf(set: AfrSet, input: FileInput, fresh: Freshness): Record<string, IfDown> {
  const answers: Record<string, IfDown> = {};
  for (const [down, replica] of set.replicas.entries()) {
    const up = input.replies.map((r, i) => i !== down && r.kind !== 'unseen');
    answers[replica.name] = {
      reads: readsOf(set, input, up, fresh),
      writes:
        conflicting(input, up) === undefined
          ? writesWith(set, input.replies, up)
          : { result: 'EIO', because: 'the name is in conflict' },
      quorum: hasQuorum(up, set.quorum) ? 'kept' : 'lost',
    };
  }
  return answers;
}

export function ifSourceOf(set: AfrSet, input: FileInput, fresh: Freshness): Record<string, IfSource> {
  return Object.fromEntries(set.replicas.map((r, i) => [r.name, ifSource(set, input, fresh, i)]));
}

function ifSource(set: AfrSet, input: FileInput, fresh: Freshness, chosen: number): IfSource {
  const reply = input.replies[chosen];
  const no = (loses: IfSource['loses'], what: string): IfSource => ({ possible: false, loses, what });
  if (reply === undefined || reply.kind === 'unseen')
    return no('unknown', `not seen: ${reply?.because ?? 'not collected'}`);
  if (reply.kind === 'absent' && input.parent?.kind === 'merges')
    return no('unknown', 'the whole file, if it was not removed here: this brick has no such name');
  if (reply.kind === 'absent') return no('writes', 'the whole file: this brick has no such name');
  const unseen = input.replies.flatMap((r, i) => (r.kind === 'unseen' ? [set.replicas[i]?.name ?? ''] : []));
  const directory = reply.copy.type === 'directory';
  if (set.replicas[chosen]?.arbiter === true && !directory)
    return no('writes', 'all data: an arbiter holds names and metadata only');
  const losses = lossesOf(set, input, reply.copy, chosen);
  const ranges = input.ledger?.missing[chosen];
  if (ranges !== undefined && ranges.length > 0)
    losses.unshift(
      `acknowledged records ${ranges.map(([a, b]) => (a === b ? `${a}` : `${a} to ${b}`)).join(', ')}`,
    );
  if (losses.length > 0) return { possible: true, loses: 'writes', what: losses.join('; ') };
  const without = input.replies.flatMap((r, i) => (r.kind === 'absent' ? [set.replicas[i]?.name ?? ''] : []));
  if (without.length > 0 && input.parent?.kind === 'merges')
    return {
      possible: true,
      loses: 'unknown',
      what: `the removal, if ${without.join(' or ')} removed the name: it comes back there`,
    };
  if (unseen.length > 0)
    return { possible: true, loses: 'unknown', what: `what only ${unseen.join(', ')} may hold: not seen` };
  if (fresh.stale[chosen] === true)
    return { possible: true, loses: 'writes', what: 'writes that the other copies hold' };
  if (fresh.doubtful[chosen] === true)
    return {
      possible: true,
      loses: 'unknown',
      what: 'whatever the other copies hold and this one does not: compare the bytes',
    };
  return { possible: true, loses: 'nothing', what: 'nothing that was seen' };
}

/**
 * Whether an accused copy was written again since, and now holds the very bytes of a good one: of one that nobody accuses, and which
 * accuses everybody else who accuses the copy.
 */
export function equalsGoodCopy({ replies }: Pick<FileInput, 'replies'>, chosen: number): boolean {
  const accuses = (by: number, on: number): boolean => accusation(replies, by, on, 'data') !== 0;
  const accusers = replies.flatMap((_, by) => (by !== chosen && accuses(by, chosen) ? [by] : []));
  return accusers.some(
    (good) =>
      replies.every((_, by) => !accuses(by, good)) &&
      accusers.every((by) => by === good || accuses(good, by)) &&
      contentsOf(replies, [good, chosen]) === 'equal',
  );
}

/** What the other copies have that the chosen one lacks, as far as attributes, sizes and sums tell. */
function lossesOf(set: AfrSet, input: FileInput, copy: Copy, chosen: number): string[] {
  const losses: string[] = [];
  for (const [i, reply] of input.replies.entries()) {
    const other = copyOf(reply);
    if (i === chosen || other === undefined) continue;
    const name = set.replicas[i]?.name ?? '';
    if (other.gfid !== undefined && copy.gfid !== undefined && other.gfid !== copy.gfid) {
      losses.push(
        `${name}'s file ${other.gfid}${other.size === undefined ? '' : ` (${other.size} bytes)`}, another file under this name`,
      );
      continue;
    }
    const held = other.accuses[chosen] ?? NOTHING_PENDING;
    if (total(held) > 0) losses.push(...accusedLosses(set, input, name, i, chosen, held, other, copy));
  }
  return losses;
}

function accusedLosses(
  set: AfrSet,
  input: FileInput,
  name: string,
  by: number,
  on: number,
  held: Changelog,
  other: Copy,
  copy: Copy,
): string[] {
  const counters = TRANSACTIONS.filter((t) => held[t] !== 0)
    .map((t) => `${t} ${held[t]}`)
    .join(', ');
  const equal = contentsOf(input.replies, [by, on]) === 'equal' || equalsGoodCopy(input, on);
  const losses: string[] = [];
  const arbiter = set.replicas[by]?.arbiter === true;
  if (held.data !== 0 && copy.type !== 'directory' && !equal)
    losses.push(
      `writes that ${name} took while this brick missed them (${counters}; a counter is no number of writes)${arbiter ? '' : sizes(other, copy)}${ages(other, copy)}`,
    );
  if (held.entry !== 0 || (held.data !== 0 && copy.type === 'directory'))
    losses.push(`names made or removed on ${name} (${counters})`);
  if (held.metadata !== 0) {
    const differs = metadataDifference(other, copy);
    const compared = other.mode !== undefined && copy.mode !== undefined;
    if (differs.length > 0 || !compared)
      losses.push(
        `metadata that ${name} has (${counters}${differs.length > 0 ? `: ${differs.slice(0, 4).join(', ')}` : ''})`,
      );
  }
  return losses;
}

function sizes(other: Copy, copy: Copy): string {
  if (other.size === undefined || copy.size === undefined || other.size === copy.size) return '';
  const more = other.size - copy.size;
  return more > 0 ? `, ${more} bytes longer there` : `, ${-more} bytes shorter there`;
}

function ages(other: Copy, copy: Copy): string {
  if (other.mtimeMs === undefined || copy.mtimeMs === undefined) return '';
  const seconds = (other.mtimeMs - copy.mtimeMs) / 1000;
  return Math.abs(seconds) < 0.1
    ? ''
    : `, ${Math.abs(seconds).toFixed(1)} s ${seconds > 0 ? 'newer' : 'older'} there by mtime`;
}
