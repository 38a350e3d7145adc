/** One brick's copy of one path, from the notes that the first pass took. */
import {
  copyFrom,
  DumpError,
  decodeAttributes,
  type AfrSet,
  type Copy,
  type FileType,
  type Reply,
} from '../../harness/index.ts';
import type { Scanned } from './scan.ts';
import type { Note } from './spool.ts';

/** `notes`: all that one collected brick says about one path. Throws, with file and line, on attributes that can't be decoded. */
export function replyFrom(set: AfrSet, scanned: Scanned, notes: readonly Note[]): Reply {
  const dump = only(scanned, notes, 'dump');
  const stat = only(scanned, notes, 'stat');
  const unseen =
    scanned.doubt === undefined ? undefined : ({ kind: 'unseen', because: scanned.doubt } as const);
  if (dump === undefined && unseen !== undefined) return unseen;
  if (dump !== undefined || stat !== undefined) {
    const sum = only(scanned, notes, 'sum');
    return { kind: 'copy', copy: copyFromNotes(set, scanned, dump, stat, sum) };
  }
  return { kind: 'absent' };
}

/** One brick has one file of a name: what tells of two is two lists in one, and they may contradict each other. */
function only({ collected }: Scanned, notes: readonly Note[], kind: Note['kind']): Note | undefined {
  const [first, second] = notes.filter((n) => n.kind === kind);
  if (first === undefined || second === undefined) return first;
  const file = { dump: collected.dump, stat: collected.find, sum: collected.sums }[kind];
  throw new DumpError(
    file ?? collected.where,
    second.line,
    `${second.path} is there twice, first in line ${first.line}: two lists in one file? Collect this brick again`,
  );
}

function copyFromNotes(
  set: AfrSet,
  scanned: Scanned,
  dump: Note | undefined,
  stat: Note | undefined,
  sum: Note | undefined,
): Copy {
  const [flag, ...attributes] = dump?.fields ?? [];
  const file = scanned.collected.dump;
  const xattrs =
    dump === undefined ? {} : decodeAttributes({ path: dump.path, line: dump.line, attributes }, file);
  const [type, size, mode, mtime, uid, gid, ctime] = stat?.fields ?? [];
  // Without find.tsv, what has children in the dump is a directory; an empty one can't be told from a file.
  const guessed = flag === 'd' || dump?.path === '/' ? 'directory' : undefined;
  const known = type === undefined ? guessed : (type as FileType);
  return copyFrom(set, xattrs, {
    ...(known === undefined ? {} : { type: known }),
    ...(mode === undefined || mode === '' ? {} : { mode }),
    ...number('size', size),
    ...number('mtimeMs', mtime),
    ...number('ctimeMs', ctime),
    ...number('uid', uid),
    ...number('gid', gid),
    ...(sum?.fields[0] === undefined ? {} : { sha256: sum.fields[0] }),
  });
}

const number = (name: string, text: string | undefined): Record<string, number> =>
  text === undefined || text === '' ? {} : { [name]: Number(text) };
