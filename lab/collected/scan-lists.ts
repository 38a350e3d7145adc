/** First pass over the lists beside a brick's dump: find.tsv, sha256.txt and indices.txt. */
import {
  DumpError,
  parseFindLine,
  parseIndexLine,
  parseSumLine,
  withName,
  type Changed,
} from '../../harness/index.ts';
import type { Collected } from './folder.ts';
import { eachLine } from './lines.ts';
import { listedBelow } from './root.ts';
import type { Spool } from './spool.ts';

export interface IndexGfids {
  readonly xattrop: ReadonlySet<string>;
  readonly dirty: ReadonlySet<string>;
  /** By the directory's gfid: names in it that changed. */
  readonly entryChanges: ReadonlyMap<string, Changed>;
}

/** GlusterFS's own folder repeats every file by its gfid. */
const internal = (path: string): boolean => path.startsWith('/.glusterfs/') || path === '/.glusterfs';

/** Answers how many paths the list has, GlusterFS's own left out, how many of them are regular files, and the size of the biggest. */
export function scanFind(
  file: string,
  root: string,
  from: number,
  spool: Spool,
): { readonly paths: number; readonly files: number; readonly maxFileBytes: number } {
  let [paths, files, maxFileBytes] = [0, 0, 0];
  eachLine(file, (raw, line) => {
    const found = parseFindLine(raw, file, line);
    const path = found === undefined ? undefined : listedBelow(root, found);
    if (found === undefined || path === undefined || internal(path)) return;
    paths += 1;
    const { type, size, mode, mtimeMs, uid, gid, ctimeMs } = found.stat;
    if (type === 'file') [files, maxFileBytes] = [files + 1, Math.max(maxFileBytes, size ?? 0)];
    const fields = [type, size, mode, mtimeMs, uid, gid, ctimeMs].map((v) =>
      v === undefined ? '' : String(v),
    );
    spool.add({ path, from, kind: 'stat', line, fields });
  });
  return { paths, files, maxFileBytes };
}

/** Paths of a brick that getfattr may have nothing to say about: put there by hand. */
const LACKING_MOST = 2;

/** A few files may have no attributes; many mean that the dump stops early, between two records. */
export function refuseHalf({ find, dump }: Collected, records: number, paths: number): void {
  if (paths - records > Math.max(LACKING_MOST, paths / 10))
    throw new DumpError(
      dump,
      1,
      `half a dump: ${records} records, but ${find} lists ${paths} paths; collect this brick again, whole`,
    );
}

/** Answers how many sums there are. */
export function scanSums(file: string, root: string, from: number, spool: Spool): number {
  let sums = 0;
  eachLine(file, (raw, line) => {
    const sum = parseSumLine(raw, file, line);
    const path = sum === undefined ? undefined : listedBelow(root, sum);
    if (sum === undefined || path === undefined || internal(path)) return;
    sums += 1;
    spool.add({ path, from, kind: 'sum', line, fields: [sum.sha256] });
  });
  return sums;
}

export function scanIndices(file: string): IndexGfids {
  const [xattrop, dirty] = [new Set<string>(), new Set<string>()];
  const entryChanges = new Map<string, Changed>();
  eachLine(file, (raw, line) => {
    const entry = parseIndexLine(raw, file, line);
    if (entry?.index === 'xattrop') xattrop.add(entry.gfid);
    else if (entry?.index === 'dirty') dirty.add(entry.gfid);
    else if (entry?.index === 'entry-changes')
      entryChanges.set(entry.directory, withName(entryChanges.get(entry.directory), entry.name));
  });
  return { xattrop, dirty, entryChanges };
}
