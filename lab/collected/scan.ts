/** First pass over one collected brick: throws every line about a path into the spool and remembers what judging needs beforehand. */
import {
  DIRTY,
  decodeAttributes,
  DumpError,
  DumpReader,
  shardOf,
  type DumpRecord,
} from '../../harness/index.ts';
import type { Collected } from './folder.ts';
import { eachLine } from './lines.ts';
import { Sketch } from './sketch.ts';
import { below, rootOf } from './root.ts';
import { refuseHalf, scanFind, scanIndices, scanSums, type IndexGfids } from './scan-lists.ts';
import type { Spool } from './spool.ts';

/** What one brick's files said, apart from the single paths. */
export interface Scanned {
  readonly collected: Collected;
  readonly root: string;
  readonly volumeId?: { readonly hex: string; readonly line: number };
  /** Names of `trusted.afr.*` attributes but dirty, and where each was first seen. */
  readonly clients: ReadonlyMap<string, { readonly line: number; readonly pending: boolean }>;
  /** Attributes of what has something in its entry word: directories with changes pending. */
  /** Whether `trusted.afr.dirty` is there at all, zero or not. */
  readonly dirtySeen: boolean;
  readonly pendingDirectories: ReadonlyMap<string, Readonly<Record<string, string>>>;
  readonly shardBases: ReadonlySet<string>;
  readonly index?: IndexGfids;
  /** Files by gfid and by path, without GlusterFS's own directories: two bricks of one volume share most of them. */
  readonly gfids: Sketch;
  readonly paths: Sketch;
  readonly records: number;
  readonly maxFileBytes: number;
  /** What the lists beside the dump left out: paths that find.tsv lacks, files of which sha256.txt has no sum. */
  readonly lacking: { readonly stats: number; readonly sums: number };
  /** Whether the brick's root is in the dump. */
  readonly rootSeen: boolean;
  /** Whether the dump is known to be whole: it holds as many records as were counted when it was made. */
  readonly counted: boolean;
  /** The last path of a dump that ends without an empty line. */
  readonly endsOpenAt?: string;
  /** Whether getfattr said that it could not read something. */
  readonly remarked: boolean;
  /** Why a name that is missing in the dump proves nothing; undefined when it does. */
  readonly doubt?: string;
}

class Scan {
  readonly clients = new Map<string, { line: number; pending: boolean }>();
  readonly pendingDirectories = new Map<string, Record<string, string>>();
  readonly shardBases = new Set<string>();
  readonly gfids = new Sketch();
  readonly paths = new Sketch();
  dirtySeen = false;
  gfidSeen = false;
  volumeId: { hex: string; line: number } | undefined;
  records = 0;
  /** Without GlusterFS's own folder. */
  kept = 0;
  last = '';
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
    this.kept += 1;
    this.last = path;
    for (const [i, raw] of record.attributes.entries()) {
      if (raw.startsWith('trusted.afr.')) this.#noteClient(record, raw, i, path);
      else if (raw.startsWith('trusted.ec.'))
        throw new DumpError(
          this.#file,
          record.line + 1 + i,
          `${path} has ${raw.slice(0, raw.indexOf('='))}: this is a brick of a dispersed volume, which holds a fragment of every file and no copy; only replicated volumes can be judged`,
        );
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
    if (gfid !== undefined) this.gfidSeen = true;
    if (gfid === undefined || path === '/' || path === '/.shard' || path === '/.shard/.remove_me') return;
    this.gfids.add(gfid.toLowerCase());
    this.paths.add(path);
  }

  /** In base64 or as text; hex is told by its digits. */
  #isZero({ path, line, attributes }: DumpRecord, i: number, equals: number): boolean {
    const raw = attributes[i] ?? '';
    if (raw.startsWith('0x', equals + 1)) return false;
    const one = { path, line: line + i, attributes: [raw] };
    return Object.values(decodeAttributes(one, this.#file)).every((hex) => /^0*$/.test(hex));
  }

  #noteClient(record: DumpRecord, raw: string, i: number, path: string): void {
    const equals = raw.indexOf('=');
    const name = raw.slice(0, equals);
    const quiet = raw.endsWith('=0x000000000000000000000000') || this.#isZero(record, i, equals);
    if (name === DIRTY) this.dirtySeen = true;
    else {
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
  const { root, seen: rootSeen } = rootOf(collected.dump);
  const work = new Scan(spool, collected.dump, root, from);
  const reader = new DumpReader(collected.dump);
  const { terminated } = eachLine(collected.dump, (line) => work.take(reader.push(line)));
  work.take(reader.end(terminated));
  work.finish();
  if (!work.gfidSeen)
    throw new DumpError(
      collected.dump,
      1,
      `none of its ${work.records} records has a trusted.gfid, without which copies can't be told apart: collect again with a pattern that includes it`,
    );
  const { records } = collected.about;
  if (records !== undefined && records !== work.records)
    throw new DumpError(
      collected.dump,
      1,
      `half a dump: ${work.records} records, and collected.txt counted ${records}; copy the folder again`,
    );
  const index = collected.indices === undefined ? undefined : scanIndices(collected.indices);
  const listed = collected.find === undefined ? undefined : scanFind(collected.find, root, from, spool);
  if (listed !== undefined) {
    work.maxFileBytes = listed.maxFileBytes;
    refuseHalf(collected, work.kept, listed.paths);
  }
  const sums = collected.sums === undefined ? undefined : scanSums(collected.sums, root, from, spool);
  return {
    collected,
    root,
    ...(work.volumeId === undefined ? {} : { volumeId: work.volumeId }),
    clients: work.clients,
    dirtySeen: work.dirtySeen,
    pendingDirectories: work.pendingDirectories,
    shardBases: work.shardBases,
    gfids: work.gfids,
    paths: work.paths,
    ...(index === undefined ? {} : { index }),
    records: work.records,
    maxFileBytes: work.maxFileBytes,
    lacking: {
      stats: listed === undefined ? 0 : Math.max(0, work.kept - listed.paths),
      // Whatever find.tsv leaves out: the root and one file are the least there is.
      sums:
        sums === undefined ? 0 : Math.max(0, Math.max(listed?.files ?? 0, Math.min(1, work.kept - 1)) - sums),
    },
    rootSeen,
    remarked: reader.remarks.length > 0,
    counted: records !== undefined,
    ...(reader.endsOpen ? { endsOpenAt: work.last } : {}),
    ...doubtOf(reader, records !== undefined),
  };
}

function doubtOf({ remarks, endsOpen }: DumpReader, counted: boolean): { doubt?: string } {
  const [first] = remarks;
  if (first !== undefined) return { doubt: `not everything could be read: ${first}` };
  if (endsOpen && !counted) return { doubt: 'its dump has no empty line at the end and may be cut off' };
  return {};
}
