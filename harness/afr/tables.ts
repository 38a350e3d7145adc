/** Reads the other files of a collected brick: find.tsv, sha256.txt and indices.txt, a line at a time. */
import { gfid, type Gfid } from '../model/names.ts';
import type { Copy, FileType } from './copy.ts';
import { DumpError, unescaped } from './getfattr.ts';

export type Stat = Partial<Pick<Copy, 'type' | 'size' | 'mtimeMs' | 'ctimeMs' | 'mode' | 'uid' | 'gid'>>;

const TYPES: Readonly<Record<string, FileType>> = {
  f: 'file',
  file: 'file',
  'regular file': 'file',
  'regular empty file': 'file',
  d: 'directory',
  dir: 'directory',
  directory: 'directory',
  l: 'symlink',
  link: 'symlink',
  symlink: 'symlink',
  'symbolic link': 'symlink',
};

const bare = (raw: string): string => (raw.endsWith('\r') ? raw.slice(0, -1) : raw);

/**
 * A line of find.tsv: path, type, mode (octal), size (bytes), mtime (epoch seconds with fraction, or ISO), nlink; then,
 * where collected, uid, gid, ctime. Undefined for an empty line and a heading.
 */
export function parseFindLine(
  raw: string,
  file: string,
  line: number,
): (ListedPath & { stat: Stat }) | undefined {
  const text = bare(raw);
  if (text === '') return undefined;
  const [path = '', type = '', mode = '', size = '', mtime = '', nlink, uid, gid, ctime] = text.split('\t');
  if (line === 1 && path === 'path') return undefined;
  if (nlink === undefined)
    throw new DumpError(
      file,
      line,
      `expected path, type, mode, size, mtime and nlink between tabs, found ${text.split('\t').length} columns: '${text.slice(0, 60)}'`,
    );
  if (!/^\d+$/.test(size)) throw new DumpError(file, line, `size '${size}' is no number of bytes`);
  if (!/^[0-7]{1,6}$/.test(mode)) throw new DumpError(file, line, `mode '${mode}' is not octal`);
  const mtimeMs = timeMs(mtime);
  if (mtimeMs === undefined)
    throw new DumpError(file, line, `mtime '${mtime}' is neither epoch seconds nor an ISO date`);
  const ctimeMs = ctime === undefined ? undefined : timeMs(ctime);
  return {
    ...listedPath(unescapedUtf8(path)),
    stat: {
      type: TYPES[type.toLowerCase()] ?? 'other',
      size: Number(size),
      mode: mode.replace(/^0+(?=.)/, ''),
      mtimeMs,
      ...(uid !== undefined && /^\d+$/.test(uid) ? { uid: Number(uid) } : {}),
      ...(gid !== undefined && /^\d+$/.test(gid) ? { gid: Number(gid) } : {}),
      ...(ctimeMs === undefined ? {} : { ctimeMs }),
    },
  };
}

function timeMs(text: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) {
    const value = Number(text);
    return value > 1e11 ? value : value * 1000; // epoch milliseconds have 13 digits for the next centuries
  }
  return isoMs(text);
}

const ISO = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2}(?:\.\d+)?)\s*(?:Z|([+-])(\d{2}):?(\d{2}))?$/;

/** `stat` and `ls --full-time` print dates like `2024-05-01 10:20:30.123 +0200`; without a zone it counts as UTC. */
function isoMs(text: string): number | undefined {
  const m = ISO.exec(text);
  if (m === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = m.slice(1, 7).map(Number);
  const zoneMinutes = (m[7] === '-' ? -1 : 1) * (Number(m[8] ?? 0) * 60 + Number(m[9] ?? 0));
  // Days since 1970 by the civil calendar, years counted from March so that the leap day comes last.
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const yearOfEra = y - era * 400;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  const days = era * 146_097 + dayOfEra - 719_468;
  return ((days * 24 + hour) * 60 + minute - zoneMinutes) * 60_000 + second * 1000;
}

/** A line of sha256.txt as sha256sum prints it: `<hex>  path`, `<hex> *path`, or `\<hex>  path` with escapes. */
export function parseSumLine(
  raw: string,
  file: string,
  line: number,
): (ListedPath & { sha256: string }) | undefined {
  const text = bare(raw);
  if (text === '') return undefined;
  const match = /^(\\?)([0-9a-fA-F]{64}) [ *](.+)$/.exec(text);
  if (match === null)
    throw new DumpError(
      file,
      line,
      `expected a sha256 sum of 64 hex digits, two blanks and a path: '${text.slice(0, 60)}'`,
    );
  const path = match[3] ?? '';
  const plain = match[1] === '\\' ? path.replaceAll('\\n', '\n').replaceAll('\\\\', '\\') : path;
  return { ...listedPath(unescapedUtf8(plain)), sha256: (match[2] ?? '').toLowerCase() };
}

/** find and sha256sum print bytes as they are. */
const unescapedUtf8 = (text: string): string => unescaped(text.replaceAll('\\', '\\134'));

/** A path as found in a list: below the brick's root when the list was made inside of it, else absolute. */
export interface ListedPath {
  readonly path: string;
  readonly relative: boolean;
}

function listedPath(text: string): ListedPath {
  if (text.startsWith('/')) return { path: text, relative: false };
  const path = text === '.' ? '/' : text.startsWith('./') ? text.slice(1) : `/${text}`;
  return { path, relative: true };
}

export type IndexEntry =
  | { readonly index: 'xattrop' | 'dirty'; readonly gfid: Gfid }
  | { readonly index: 'entry-changes'; readonly directory: Gfid; readonly name: string };

/** A line of indices.txt. The base files `xattrop-<uuid>` and `dirty-<uuid>` are left out: they are no entries. */
export function parseIndexLine(raw: string, file: string, line: number): IndexEntry | undefined {
  const first = bare(raw).split('\t', 1)[0]?.replace(/^\.\//, '') ?? '';
  const text = first.startsWith('entry-changes/') ? first : (first.split(' ', 1)[0] ?? '');
  if (text === '' || text === 'xattrop' || text === 'dirty' || text === 'entry-changes') return undefined;
  const [index = '', id = '', ...rest] = text.split('/');
  if (index !== 'xattrop' && index !== 'dirty' && index !== 'entry-changes')
    throw new DumpError(
      file,
      line,
      `expected xattrop/<gfid>, dirty/<gfid> or entry-changes/<gfid>/<name>: '${text.slice(0, 60)}'`,
    );
  if (id.startsWith(`${index}-`)) return undefined;
  const known = gfid(id);
  if (known === undefined) throw new DumpError(file, line, `'${id.slice(0, 60)}' is no gfid`);
  if (index !== 'entry-changes') return { index, gfid: known };
  return rest.length === 0 ? undefined : { index, directory: known, name: rest.join('/') };
}
