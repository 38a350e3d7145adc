/** What was read straight from brick directories: index names, and files with their attributes. */
import { brick, gfid } from '../../harness/index.ts';
import type { BrickId, FileOnBrick, Gfid, Seen } from '../../harness/index.ts';
import { parts } from './sections.ts';
import { excerpt, seen } from './seen.ts';

export interface IndexNames {
  readonly xattrop: readonly Gfid[];
  readonly dirty: readonly Gfid[];
  /** `<parent gfid>/<name>`, granular entry heal. */
  readonly entryChanges: readonly string[];
}

/** What a command printed for each local brick: parts of their own, and how reading the brick ended. */
interface BrickChunk {
  readonly brick: BrickId;
  readonly parts: readonly { readonly name: string; readonly text: string }[];
  readonly exitCode: number | undefined;
}

/**
 * Splits the output of a command that walks over the local bricks: `part brick HOST:PATH`, further parts, `part done CODE`, and
 * `part all` at the very end. Throws when the walk did not reach its end.
 */
export function brickChunks(nonce: string, text: string): readonly BrickChunk[] {
  const chunks: { brick: BrickId; parts: { name: string; text: string }[]; exitCode: number | undefined }[] =
    [];
  let ended = false;
  for (const part of parts(nonce, text)) {
    const current = chunks.at(-1);
    if (part.name === 'all') ended = true;
    else if (part.name.startsWith('brick ')) {
      chunks.push({ brick: brick(part.name.slice(6)), parts: [], exitCode: undefined });
    } else if (current === undefined) throw new Error(`a part "${part.name}" before the first brick`);
    else if (part.name.startsWith('done ')) current.exitCode = Number(part.name.slice(5));
    else current.parts.push(part);
  }
  if (!ended) throw new Error('the list of local bricks was cut off');
  return chunks;
}

function whole(chunk: BrickChunk): BrickChunk {
  if (chunk.exitCode !== 0)
    throw new Error(`reading ${chunk.brick} ended with ${chunk.exitCode ?? 'nothing'}`);
  return chunk;
}

/** Output of the `index` command, brick by brick. */
export function parseIndexes(
  nonce: string,
  text: string,
): { readonly bricks: readonly { readonly brick: BrickId; readonly names: Seen<IndexNames> }[] } {
  const bricks = brickChunks(nonce, text).map((chunk) => ({
    brick: chunk.brick,
    names: seen(() => indexNames(whole(chunk).parts.find((part) => part.name === 'index')?.text)),
  }));
  return { bricks };
}

/**
 * Lines `xattrop NAME`, `dirty NAME` and `entry-changes/PARENT NAME`. Base files (`xattrop-<uuid>`, there only after first use, and
 * `dirty-<uuid>`) are left out; any other name that is no gfid is not understood, and then nothing is.
 */
export function indexNames(text: string | undefined): IndexNames {
  if (text === undefined) throw new Error('its index was not listed');
  const names = { xattrop: [] as Gfid[], dirty: [] as Gfid[], entryChanges: [] as string[] };
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const space = line.indexOf(' ');
    const folder = line.slice(0, space);
    const name = line.slice(space + 1);
    if (folder.startsWith('entry-changes/')) names.entryChanges.push(`${folder.slice(14)}/${name}`);
    else if (folder === 'xattrop' || folder === 'dirty') {
      const id = gfid(name);
      if (id !== undefined) names[folder].push(id);
      else if (!name.startsWith(`${folder}-`))
        throw new Error(`its index holds a name that is no gfid: ${excerpt(line)}`);
    } else throw new Error(`its index has a line that is not understood: ${excerpt(line)}`);
  }
  return names;
}

const TYPES: Readonly<Record<string, FileOnBrick['type']>> = { f: 'file', d: 'directory', l: 'symlink' };

/** Output of a command that lists files of each local brick with attributes and, when asked, sums. */
export function parseFiles(
  nonce: string,
  text: string,
): {
  readonly bricks: readonly {
    readonly brick: BrickId;
    readonly files: Seen<{ readonly list: readonly FileOnBrick[] }>;
  }[];
} {
  const bricks = brickChunks(nonce, text).map((chunk) => ({
    brick: chunk.brick,
    files: seen(() => ({ list: files(whole(chunk)) })),
  }));
  return { bricks };
}

function files(chunk: BrickChunk): readonly FileOnBrick[] {
  const root = chunk.brick.slice(chunk.brick.indexOf(':/') + 1);
  const texts = (name: string): readonly string[] =>
    chunk.parts.filter((part) => part.name === name).map((part) => part.text);
  const xattrs = new Map(texts('xattrs').flatMap((text) => [...parseGetfattr(text)]));
  const sums = new Map(texts('sums').flatMap((text) => parseSums(text)));
  // Captures and collections that were made before there was such a part have none.
  const again = texts('files-after');
  const after = new Map(
    again.flatMap((text) => records(text).map((record) => [fileRecord(record).path, record])),
  );
  return texts('files').flatMap((text) =>
    records(text).map((record): FileOnBrick => {
      const { path, ...rest } = fileRecord(record);
      // Bytes that were read while somebody wrote are those of no moment.
      const still = again.length === 0 || after.get(path) === record;
      const sum = still ? sums.get(path) : undefined;
      return {
        path: belowRoot(root, path),
        ...rest,
        xattrs: xattrs.get(path) ?? {},
        ...(sum === undefined ? {} : { sha256: sum }),
      };
    }),
  );
}

const GFID_LINK = /^\/\.glusterfs\/[0-9a-f]{2}\/[0-9a-f]{2}\/([0-9a-f-]{36})(?:\/\.)?$/;

/** A file that was read by its gfid link is named as `heal info` names it. */
function belowRoot(root: string, path: string): string {
  const below = path.startsWith(root) ? path.slice(root.length) : path;
  const id = GFID_LINK.exec(below)?.[1];
  return id === undefined ? below || '/' : `<gfid:${id}>`;
}

const records = (text: string): readonly string[] =>
  text
    .split('\0')
    .map((one) => one.replace(/^\n+/, ''))
    .filter((one) => one !== '');

/** `find -printf '%y %s %T@ %C@ %m %U %G %p\0'`. */
function fileRecord(record: string): Omit<FileOnBrick, 'xattrs' | 'sha256'> {
  const found = /^(\w) (\d+) ([\d.]+) ([\d.]+) ([0-7]+) (\d+) (\d+) ([\s\S]+)$/.exec(record);
  if (found === null) throw new Error(`a file record that is not understood: ${excerpt(record)}`);
  const [, type = '', size = '', mtime = '', ctime = '', mode = '', uid = '', gid = '', path = ''] = found;
  return {
    path,
    type: TYPES[type] ?? 'other',
    size: Number(size),
    mtimeMs: Math.round(Number(mtime) * 1000),
    ctimeMs: Math.round(Number(ctime) * 1000),
    mode,
    uid: Number(uid),
    gid: Number(gid),
  };
}

/** `getfattr -e hex --absolute-names`: attributes of each file by path, hex without `0x`. */
export function parseGetfattr(text: string): ReadonlyMap<string, Readonly<Record<string, string>>> {
  const found = new Map<string, Record<string, string>>();
  let current: Record<string, string> | undefined;
  for (const line of text.split('\n')) {
    if (line.startsWith('# file: ')) {
      current = {};
      found.set(unescape(line.slice(8)), current);
      continue;
    }
    if (line === '') continue;
    const equals = line.indexOf('=');
    const value = line.slice(equals + 1);
    if (current === undefined || equals < 0 || !/^0x[0-9a-f]*$/i.test(value)) {
      // An attribute without a value is printed by its bare name.
      if (current !== undefined && equals < 0) current[unescape(line)] = '';
      else throw new Error(`a line of getfattr that is not understood: ${excerpt(line)}`);
    } else current[unescape(line.slice(0, equals))] = value.slice(2).toLowerCase();
  }
  return found;
}

/** getfattr writes `\ooo` for bytes that do not print, and UTF-8 byte by byte. */
function unescape(text: string): string {
  if (!text.includes('\\')) return text;
  const bytes: number[] = [];
  const encoded = new TextEncoder();
  for (let at = 0; at < text.length; at += 1) {
    const octal = /^\\([0-3][0-7]{2})/.exec(text.slice(at, at + 4))?.[1];
    if (octal !== undefined) {
      bytes.push(Number.parseInt(octal, 8));
      at += 3;
    } else bytes.push(...encoded.encode(text.charAt(at)));
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}

/** `sha256sum -z`: sum, two spaces or space and star, path. */
function parseSums(text: string): readonly (readonly [path: string, sum: string])[] {
  return records(text).map((record) => {
    const found = /^([0-9a-f]{64}) [ *]([\s\S]+)$/.exec(record);
    if (found === null) throw new Error(`a checksum line that is not understood: ${excerpt(record)}`);
    return [found[2] ?? '', found[1] ?? ''] as const;
  });
}
