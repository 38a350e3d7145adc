/** Where the brick's root is in a dump, and paths below it. */
import {
  decodeAttributes,
  DumpReader,
  ROOT_GFID,
  type DumpRecord,
  type ListedPath,
} from '../../harness/index.ts';
import { eachLine } from './lines.ts';

/** Path below the root, beginning with `/`; undefined when it lies elsewhere. */
export function below(root: string, path: string): string | undefined {
  if (root === '/') return path;
  if (path === root) return '/';
  return path.startsWith(`${root}/`) ? path.slice(root.length) : undefined;
}

export const listedBelow = (root: string, listed: ListedPath): string | undefined =>
  listed.relative ? listed.path : below(root, listed.path);

const ROOT_HEX = ROOT_GFID.replaceAll('-', '');

/** The brick's root: the record with the root's gfid, which getfattr -R prints first; else what the paths have in common. */
export function rootOf(dump: string): { readonly root: string; readonly seen: boolean } {
  let root: string | undefined;
  let common: string | undefined;
  const reader = new DumpReader(dump);
  const look = (record: DumpRecord | undefined): void => {
    if (record === undefined) return;
    if (isRoot(record, dump)) root = record.path;
    else common = inCommon(common, record.path);
  };
  const { terminated } = eachLine(dump, (line) => {
    look(reader.push(line));
    return root === undefined;
  });
  if (root === undefined) look(reader.end(terminated));
  return { root: root ?? (common || '/'), seen: root !== undefined };
}

function isRoot({ attributes, path, line }: DumpRecord, dump: string): boolean {
  const at = attributes.findIndex((a) => a.startsWith('trusted.gfid='));
  const raw = attributes[at];
  if (raw === undefined) return false;
  if (raw.startsWith('0x', 13)) return raw.slice(15).toLowerCase() === ROOT_HEX;
  return decodeAttributes({ path, line: line + at, attributes: [raw] }, dump)['trusted.gfid'] === ROOT_HEX;
}

function inCommon(common: string | undefined, path: string): string {
  for (const own of ['/.shard', '/.glusterfs']) {
    const at = path.indexOf(own);
    if (at > 0 && (path.length === at + own.length || path[at + own.length] === '/'))
      return shorter(common, path.slice(0, at));
  }
  return shorter(common, path.slice(0, path.lastIndexOf('/')));
}

function shorter(a: string | undefined, b: string): string {
  if (a === undefined) return b;
  let same = a;
  while (same !== '' && b !== same && !b.startsWith(`${same}/`)) same = same.slice(0, same.lastIndexOf('/'));
  return same;
}
