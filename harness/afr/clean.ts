/** A file about which there is nothing to say: most of them, so this is quick and shares what is the same for all. */
import { contentsOf, dataBricks, type FileInput } from './aspect.ts';
import { isPending, NOTHING_PENDING } from './changelog.ts';
import { commonType, copyOf, metadataDifference, type Copy } from './copy.ts';
import { ifDownOf, ifSourceOf } from './counterfactual.ts';
import { hasQuorum, type AfrSet } from './replica-set.ts';
import type { Evidence, FileVerdict, IfDown, IfSource } from './state.ts';

export function isPlainlyClean(set: AfrSet, copies: readonly (Copy | undefined)[]): boolean {
  const [first] = copies;
  if (first?.gfid === undefined) return false;
  const size = copies.find((c, i) => c?.size !== undefined && set.replicas[i]?.arbiter === false)?.size;
  const sum = copies.find((c, i) => c?.sha256 !== undefined && set.replicas[i]?.arbiter === false)?.sha256;
  return copies.every(
    (c, i) =>
      c !== undefined &&
      !isPending(c.dirty) &&
      !c.accuses.some(isPending) &&
      c.gfid === first.gfid &&
      c.type === first.type &&
      (set.replicas[i]?.arbiter === true ||
        c.type === 'directory' ||
        (c.size === size && (c.sha256 ?? sum) === sum)) &&
      (c === first || metadataDifference(first, c).length === 0),
  );
}

interface Usual {
  readonly ifDown: Readonly<Record<string, IfDown>>;
  readonly ifSource: Readonly<Record<string, IfSource>>;
}
const usual = new WeakMap<AfrSet, { file: Usual; directory: Usual }>();

/** A clean file's counterfactuals are the same for all of them; made once per replica set. */
function usualFor(set: AfrSet, directory: boolean): Usual {
  const made = usual.get(set) ?? { file: makeUsual(set, false), directory: makeUsual(set, true) };
  usual.set(set, made);
  return directory ? made.directory : made.file;
}

function makeUsual(set: AfrSet, directory: boolean): Usual {
  const copy: Copy = {
    dirty: NOTHING_PENDING,
    accuses: set.replicas.map(() => NOTHING_PENDING),
    xattrs: {},
    ...(directory ? { type: 'directory' as const } : {}),
  };
  const input: FileInput = { path: '/', replies: set.replicas.map(() => ({ kind: 'copy', copy })) };
  const fresh = { stale: [], doubtful: [] };
  return { ifDown: ifDownOf(set, input, fresh), ifSource: ifSourceOf(set, input, fresh) };
}

/** For a file of which nothing bad was seen; says what was not compared. */
export function cleanVerdict(set: AfrSet, input: FileInput): FileVerdict {
  const type = commonType(input.replies);
  const gfid = copyOf(input.replies[0])?.gfid;
  const data = dataBricks(set, input.replies);
  const contents = type === 'file' || type === undefined ? contentsOf(input.replies, data) : 'equal';
  const stat = input.replies.every((r) => copyOf(r)?.size !== undefined);
  const evidence: Evidence[] = [
    'attributes',
    ...(stat ? (['stat'] as const) : []),
    ...(contents === 'equal' && copyOf(input.replies[0])?.sha256 !== undefined ? (['sha256'] as const) : []),
  ];
  const from = set.replicas.filter((r) => !r.arbiter).map((r) => r.name);
  return {
    path: input.path,
    ...(gfid === undefined ? {} : { gfid }),
    ...(type === undefined ? {} : { type }),
    state: 'clean',
    kinds: [],
    sources: from,
    sinks: [],
    blame: [],
    dirty: [],
    reads: hasQuorum(
      set.replicas.map(() => true),
      set.quorum,
    )
      ? { result: 'newest', from, because: 'no copy is accused' }
      : { result: 'ENOTCONN', from: [], because: 'quorum is lost' },
    because:
      contents === 'equal'
        ? 'no brick accuses another, and the copies agree'
        : 'no brick accuses another; the bytes were not compared',
    heals: 'nothing to heal',
    evidence,
    notes: [],
    ...usualFor(set, type === 'directory'),
  };
}
