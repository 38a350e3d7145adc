/** First pass over one collected brick: throws every line about a path into the spool and remembers what judging needs beforehand. */
import {
  DIRTY,
  decodeAttributes,
  DumpError,
  DumpReader,
  parseFindLine,
  parseIndexLine,
  parseSumLine,
  ROOT_GFID,
  shardOf,
  unescaped,
  type DumpRecord,
  type ListedPath,
} from '../../harness/index.ts';
import type { Collected } from './folder.ts';
import { eachLine } from './lines.ts';
import { Sketch } from './sketch.ts';
import type { Spool } from './spool.ts';

/** What one brick's files said, apart from the single paths. */
export interface Scanned {
  readonly collected: Collected;
  readonly root: string;
  readonly volumeId?: { readonly hex: string; readonly line: number };
  /** Names of `trusted.afr.*` attributes but dirty, and where each was first seen. */
  readonly clients: ReadonlyMap<string, { readonly line: number; readonly pending: boolean }>;
  /** Attributes of what has something in its entry word: directories with changes pending. */
  readonly pendingDirectories: ReadonlyMap<string, Readonly<Record<string, string>>>;
  readonly shardBases: ReadonlySet<string>;
  readonly index?: {
    readonly xattrop: ReadonlySet<string>;
    readonly dirty: ReadonlySet<string>;
    readonly entryChanges: number;
  };
  /** Files by gfid and by path, without GlusterFS's own directories: two bricks of one volume share most of them. */
  readonly gfids: Sketch;
  readonly paths: Sketch;
  readonly records: number;
  readonly maxFileBytes: number;
  /** The dump stops at the end of a record but without its empty line: it may have been cut. */
  readonly mayBeCut: boolean;
}

class Scan {
  readonly clients = new Map<string, { line: number; pending: boolean }>();
  readonly pendingDirectories = new Map<string, Record<string, string>>();
  readonly shardBases = new Set<string>();
  readonly gfids = new Sketch();
  readonly paths = new Sketch();
  volumeId: { hex: string; line: number } | undefined;
  records = 0;
  maxFileBytes = 0;
  readonly #spool: Spool;
  readonly #file: string;
  readonly #root: string;
  readonly #from: number;
  #held: DumpRecord | undefined;

  constructor(spool: Spool, file: string, root: string, from: number) {
    [this.#spool, this.#file, this.#root, this.#from] = [spool, file, root, from];
  }

  /** Holds each record until the next one shows whether it has children: getfattr -R lists a directory before what is in it. */
  take(record: DumpRecord | undefined): void {
    if (record === undefined) return;
    this.records += 1;
    const parent = this.#held;
    this.#held = undefined;
    if (parent !== undefined)
      this.#keep(parent, record.path.startsWith(parent.path === '/' ? '/' : `${parent.path}/`));
    if (!this.#internal(record.path)) this.#held = record;
  }

  finish(): void {
    if (this.#held !== undefined) this.#keep(this.#held, false);
    this.#held = undefined;
  }

  /** GlusterFS's own folder repeats every file by its gfid. */
  #internal(path: string): boolean {
    return (
      path.startsWith('/.glusterfs', this.#root.length) &&
      (path.length === this.#root.length + 11 || path[this.#root.length + 11] === '/')
    );
  }

  #keep(record: DumpRecord, directory: boolean): void {
    const path = below(this.#root, record.path);
    if (path === undefined)
      throw new DumpError(
        this.#file,
        record.line,
        `${record.path} is not below the brick's root ${this.#root}: a dump of one brick holds one tree`,
      );
    for (const [i, raw] of record.attributes.entries()) {
      if (raw.startsWith('trusted.afr.')) this.#noteClient(record, raw, i, path);
      else if (path === '/' && raw.startsWith('trusted.glusterfs.volume-id='))
        this.volumeId = {
          hex: decodeAttributes(record, this.#file)['trusted.glusterfs.volume-id'] ?? '',
          line: record.line + 1 + i,
        };
    }
    this.#sketch(record, path);
    const base = shardOf(path)?.base;
    if (base !== undefined) this.shardBases.add(base);
    this.#spool.add({
      path,
      from: this.#from,
      kind: 'dump',
      line: record.line,
      fields: [directory ? 'd' : '', ...record.attributes],
    });
  }

  /** `/`, `/.shard` and what GlusterFS keeps beside them have the same gfid in every volume. */
  #sketch(record: DumpRecord, path: string): void {
    const gfid = record.attributes.find((a) => a.startsWith('trusted.gfid='));
    if (gfid === undefined || path === '/' || path === '/.shard' || path === '/.shard/.remove_me') return;
    this.gfids.add(gfid.toLowerCase());
    this.paths.add(path);
  }

  #noteClient(record: DumpRecord, raw: string, i: number, path: string): void {
    const equals = raw.indexOf('=');
    const name = raw.slice(0, equals);
    const quiet = raw.endsWith('=0x000000000000000000000000');
    if (name !== DIRTY) {
      const known = this.clients.get(name);
      if (known === undefined) this.clients.set(name, { line: record.line + 1 + i, pending: !quiet });
      else if (!quiet) known.pending = true;
    }
    if (
      !quiet &&
      !(raw.startsWith('0x', equals + 1) && raw.endsWith('00000000')) &&
      !this.pendingDirectories.has(path)
    )
      this.pendingDirectories.set(path, decodeAttributes(record, this.#file));
  }
}

export function scan(collected: Collected, from: number, spool: Spool): Scanned {
  const root = rootOf(collected.dump);
  const work = new Scan(spool, collected.dump, root, from);
  const reader = new DumpReader(collected.dump);
  const { terminated } = eachLine(collected.dump, (line) => work.take(reader.push(line)));
  work.take(reader.end(terminated));
  work.finish();
  const { records } = collected.about;
  if (records !== undefined && records !== work.records)
    throw new DumpError(
      collected.dump,
      1,
      `half a dump: ${work.records} records, and collected.txt counted ${records}; copy the folder again`,
    );
  const index = collected.indices === undefined ? undefined : scanIndices(collected.indices);
  if (collected.find !== undefined) scanFind(collected.find, root, from, spool, work);
  if (collected.sums !== undefined) scanSums(collected.sums, root, from, spool);
  return {
    collected,
    root,
    ...(work.volumeId === undefined ? {} : { volumeId: work.volumeId }),
    clients: work.clients,
    pendingDirectories: work.pendingDirectories,
    shardBases: work.shardBases,
    gfids: work.gfids,
    paths: work.paths,
    ...(index === undefined ? {} : { index }),
    records: work.records,
    maxFileBytes: work.maxFileBytes,
    mayBeCut: reader.endsOpen,
  };
}

function scanFind(file: string, root: string, from: number, spool: Spool, work: Scan): void {
  eachLine(file, (raw, line) => {
    const found = parseFindLine(raw, file, line);
    const path = found === undefined ? undefined : listedBelow(root, found);
    if (
      found === undefined ||
      path === undefined ||
      path.startsWith('/.glusterfs/') ||
      path === '/.glusterfs'
    )
      return;
    const { type, size, mode, mtimeMs, uid, gid, ctimeMs } = found.stat;
    if (type === 'file') work.maxFileBytes = Math.max(work.maxFileBytes, size ?? 0);
    spool.add({
      path,
      from,
      kind: 'stat',
      line,
      fields: [type, size, mode, mtimeMs, uid, gid, ctimeMs].map((v) => (v === undefined ? '' : String(v))),
    });
  });
}

function scanSums(file: string, root: string, from: number, spool: Spool): void {
  eachLine(file, (raw, line) => {
    const sum = parseSumLine(raw, file, line);
    const path = sum === undefined ? undefined : listedBelow(root, sum);
    if (sum === undefined || path === undefined || path.startsWith('/.glusterfs/')) return;
    spool.add({ path, from, kind: 'sum', line, fields: [sum.sha256] });
  });
}

function scanIndices(file: string): NonNullable<Scanned['index']> {
  const [xattrop, dirty] = [new Set<string>(), new Set<string>()];
  let entryChanges = 0;
  eachLine(file, (raw, line) => {
    const entry = parseIndexLine(raw, file, line);
    if (entry?.index === 'xattrop') xattrop.add(entry.gfid);
    else if (entry?.index === 'dirty') dirty.add(entry.gfid);
    else if (entry !== undefined) entryChanges += 1;
  });
  return { xattrop, dirty, entryChanges };
}

/** Path below the root, beginning with `/`; undefined when it lies elsewhere. */
function below(root: string, path: string): string | undefined {
  if (root === '/') return path;
  if (path === root) return '/';
  return path.startsWith(`${root}/`) ? path.slice(root.length) : undefined;
}

const listedBelow = (root: string, listed: ListedPath): string | undefined =>
  listed.relative ? listed.path : below(root, listed.path);

const ROOT_HEX = ROOT_GFID.replaceAll('-', '');

/** The brick's root: the record with the root's gfid, which getfattr -R prints first; else what the paths have in common. */
function rootOf(dump: string): string {
  let current: string | undefined;
  let root: string | undefined;
  let common: string | undefined;
  const reader = new DumpReader(dump);
  eachLine(dump, (line) => {
    const record = reader.push(line);
    if (line.startsWith('# file: ')) {
      current = unescaped(line.slice(8).replace(/\r$/, ''));
      current = current.startsWith('/') ? current : `/${current}`;
    }
    if (line.startsWith('trusted.gfid=') && line.toLowerCase().includes(ROOT_HEX)) root = current;
    if (root !== undefined) return false;
    if (record !== undefined) common = inCommon(common, record.path);
    return true;
  });
  if (root !== undefined) return root;
  const parent = common ?? (current === undefined ? '/' : inCommon(undefined, current));
  return parent === '' ? '/' : parent;
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
