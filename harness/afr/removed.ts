/** Names that some bricks have and others lack, rightly or not: what it means for reads, and for choosing. */
import type { Aspect, FileInput } from './aspect.ts';
import { hasQuorum, namesWhere, type AfrSet } from './replica-set.ts';
import type { FileVerdict, IfDown, IfSource } from './state.ts';
import type { Reads } from './reads.ts';

/** afr-common.c `afr_lookup_done`: what a brick says that is accused of missing entries in the directory above does not count. */
function readsOfRemoved(set: AfrSet, input: FileInput, { sources }: Aspect, up: readonly boolean[]): Reads {
  if (!hasQuorum(up, set.quorum)) return { result: 'ENOTCONN', from: [], because: 'quorum is lost' };
  if (sources.some((s, i) => s && up[i] === true))
    return {
      result: 'absent',
      from: [],
      because: 'the bricks that count in the directory above removed the name',
    };
  const from = input.replies.map((r, i) => up[i] === true && r.kind === 'copy');
  return { result: 'old', from: namesWhere(set, from), because: 'the bricks that removed the name are down' };
}

export function ifDownOfRemoved(
  set: AfrSet,
  input: FileInput,
  aspect: Aspect,
  usual: Readonly<Record<string, IfDown>>,
): Record<string, IfDown> {
  return Object.fromEntries(
    set.replicas.map((replica, down) => {
      const up = input.replies.map((r, i) => i !== down && r.kind !== 'unseen');
      const { writes, quorum } = usual[replica.name] as IfDown;
      return [replica.name, { reads: readsOfRemoved(set, input, aspect, up), writes, quorum }];
    }),
  );
}

/** The file behind the name is not healed either: what a copy lacks counts first. */
export const alsoTheRemoval = (
  set: AfrSet,
  { sources }: Aspect,
  usual: Readonly<Record<string, IfSource>>,
): Record<string, IfSource> => ({
  ...usual,
  ...Object.fromEntries(
    set.replicas.flatMap(({ name }, i) =>
      sources[i] !== true && usual[name]?.loses === 'nothing'
        ? [[name, { possible: false, loses: 'writes' as const, what: COMES_BACK }]]
        : [],
    ),
  ),
});

const COMES_BACK = 'the removal: the name comes back';

export const ifSourceOfRemoved = (set: AfrSet, { sources }: Aspect): Record<string, IfSource> =>
  Object.fromEntries(
    set.replicas.map(({ name }, i) => [
      name,
      sources[i] === true
        ? { possible: true, loses: 'nothing', what: 'nothing: the name was removed, and stays so' }
        : { possible: true, loses: 'writes', what: COMES_BACK },
    ]),
  );

/** A brick that has the file under another name does not give it this one. */
export function withoutItsName(set: AfrSet, { replies }: FileInput, verdict: FileVerdict): FileVerdict {
  const lacking = set.replicas.filter(
    ({ name }, i) =>
      replies[i]?.kind === 'absent' &&
      verdict.ifSource[name]?.loses === 'nothing' &&
      verdict.reads.result !== 'absent',
  );
  if (lacking.length === 0) return verdict;
  const lost: IfSource = {
    possible: false,
    loses: 'writes',
    what: 'the name: this brick has the file under another one',
  };
  return {
    ...verdict,
    ifSource: { ...verdict.ifSource, ...Object.fromEntries(lacking.map(({ name }) => [name, lost])) },
  };
}
