/** Second pass: takes the spool bucket by bucket, puts each path's copies side by side and judges them. */
import {
  biggerFile,
  choicesFor,
  copyOf,
  FILE_STATES,
  Images,
  judgeFile,
  latestMtime,
  parentViewOf,
  safestOrder,
  worstState,
  type AfrSet,
  type Choice,
  type Copy,
  type CopyFacts,
  type FileInput,
  type FileState,
  type FileVerdict,
  type ImageVerdict,
  type ParentView,
  type Reply,
} from '../../harness/index.ts';
import type { Assembled, AssembledSet } from './assemble.ts';
import { replyFrom } from './reply.ts';
import type { Scanned } from './scan.ts';
import type { Note, Spool } from './spool.ts';

export interface Inspection {
  readonly volume: string;
  readonly bricks: readonly string[];
  readonly worst: FileState;
  readonly states: Readonly<Record<FileState, number>>;
  readonly images: readonly ImageVerdict[];
  readonly order: readonly string[];
  readonly notes: readonly string[];
}

/** One file's verdict with what an operator may do about it. */
export interface Judged {
  readonly verdict: FileVerdict;
  readonly choices: readonly Choice[];
}

/** Names missing on a brick that are kept in memory to find renames among them. */
const WAITING_MAX = 100_000;

/** Child i of a set: the scans that hold its first and its later snapshot. */
interface Child {
  readonly first: number | undefined;
  readonly later: number | undefined;
}

export class Judging {
  readonly #assembled: Assembled;
  readonly #scanned: readonly Scanned[];
  readonly #twice: boolean;
  readonly #children: readonly (readonly Child[])[];
  readonly #images: Images;
  readonly #states: Record<FileState, number>;
  readonly #sole = new Set<string>();
  readonly #met = new Set<string>();
  readonly #waiting: { set: AfrSet; input: FileInput }[] = [];
  readonly #notes: string[] = [];
  #doubtful = 0;

  constructor(assembled: Assembled, scanned: readonly Scanned[], firsts: number) {
    this.#assembled = assembled;
    this.#scanned = scanned;
    this.#twice = scanned.length > firsts;
    const laterOf = (name: string): number | undefined => {
      const at = scanned.findIndex((s, i) => i >= firsts && s.collected.name === name);
      return at < 0 ? undefined : at;
    };
    this.#children = assembled.sets.map((s) =>
      s.given.map((g) => ({
        first: g,
        later: g === undefined ? undefined : laterOf(scanned[g]?.collected.name ?? ''),
      })),
    );
    this.#images = new Images((gfid) => scanned.some((s) => s.shardBases.has(gfid)));
    this.#states = Object.fromEntries(FILE_STATES.map((s) => [s, 0])) as Record<FileState, number>;
  }

  run(spool: Spool, each: (judged: Judged) => void): Inspection {
    for (let bucket = 0; bucket < spool.buckets; bucket += 1) {
      const byPath = spool.take(bucket);
      for (const path of [...byPath.keys()].sort()) {
        const notes = byPath.get(path) ?? [];
        for (const [s, set] of this.#assembled.sets.entries()) this.#judge(s, set, path, notes, each);
      }
    }
    this.#judgeWaiting(each);
    const worst = worstState(FILE_STATES.filter((s) => this.#states[s] > 0));
    const unseen = this.#unseen();
    return {
      volume: this.#assembled.volume,
      bricks: this.#assembled.sets.flatMap((a) => a.set.replicas.map((r) => r.name)),
      worst,
      states: this.#states,
      images: this.#images.verdicts(),
      order: safestOrder(this.#assembled.volume, {
        states: this.#states,
        unseen,
        sole: [...this.#sole],
        doubtful: this.#doubtful,
      }),
      notes: [...this.#assembled.notes, ...this.#notes, ...this.#indexNotes()],
    };
  }

  #judge(
    s: number,
    { set }: AssembledSet,
    path: string,
    notes: readonly Note[],
    each: (judged: Judged) => void,
  ): void {
    const children = this.#children[s] ?? [];
    const mine = notes.filter((n) => children.some((c) => c.first === n.from || c.later === n.from));
    if (!mine.some((n) => n.kind === 'dump')) return; // listed by find or sha256sum only: no file of the volume
    const latest = children.map((c) => (this.#twice ? c.later : c.first));
    const replies = latest.map((from) => this.#reply(set, from, mine));
    if (replies.every((r) => r.kind === 'absent')) return; // gone in the later snapshot
    const alike = replies.every((r) => r.kind === 'copy') && sameGfid(replies);
    const index = this.#index(latest, replies);
    const input: FileInput = {
      path,
      replies,
      ...(this.#twice ? { earlier: children.map((c) => this.#reply(set, c.first, mine)) } : {}),
      ...(alike ? {} : { parent: this.#parentView(set, latest, path) }),
      ...(index === undefined ? {} : { index }),
      seenAtMs: latest.map((from) => this.#scanned[from ?? -1]?.collected.about.atMs),
    };
    // What is missing somewhere may be there under another name: it waits until all names are known.
    const incomplete = replies.some((r) => r.kind === 'absent');
    if (incomplete && this.#waiting.length < WAITING_MAX) this.#waiting.push({ set, input });
    else this.#tell(set, input, each);
  }

  #judgeWaiting(each: (judged: Judged) => void): void {
    const byGfid = Map.groupBy(this.#waiting, ({ input }) => gfidOf(input.replies) ?? '');
    for (const { set, input } of this.#waiting) {
      const others = (byGfid.get(gfidOf(input.replies) ?? '') ?? []).filter(
        (w) => w.set === set && w.input !== input,
      );
      const elsewhere = input.replies.map((r, i) =>
        r.kind === 'absent'
          ? others.map((w) => copyOf(w.input.replies[i])).find((c) => c !== undefined)
          : undefined,
      );
      const names = others.map((w) => w.input.path);
      this.#tell(set, names.length === 0 ? input : { ...input, elsewhere }, each, names);
    }
    if (this.#waiting.length === WAITING_MAX)
      this.#notes.push(
        `more than ${WAITING_MAX} names are missing on some brick: renames among the further ones were not looked for`,
      );
  }

  #tell(set: AfrSet, input: FileInput, each: (judged: Judged) => void, names: readonly string[] = []): void {
    const plain = judgeFile(set, input);
    const also =
      names.length === 0
        ? []
        : [
            `the same file is found as ${names.slice(0, 3).join(', ')} elsewhere: renamed or linked while a brick was away`,
          ];
    const verdict = also.length === 0 ? plain : { ...plain, notes: [...plain.notes, ...also] };
    this.#tally(verdict);
    each({
      verdict,
      choices: verdict.state === 'clean' ? [] : choicesFor(set, verdict, factsOf(set, input.replies)),
    });
  }

  #tally(verdict: FileVerdict): void {
    this.#states[verdict.state] += 1;
    this.#images.add(verdict);
    if (verdict.state === 'sole-good-copy') for (const brick of verdict.sources) this.#sole.add(brick);
    if (verdict.state === 'persistent-dirty' && verdict.reads.result !== 'newest') this.#doubtful += 1;
  }

  /** The nearest directory above that has entry changes pending says what becomes of a name that not all bricks have. */
  #parentView(set: AfrSet, from: readonly (number | undefined)[], path: string): ParentView {
    if (from.includes(undefined)) return { kind: 'unseen' };
    for (let at = path; at !== '/' && at !== '';) {
      at = at.slice(0, at.lastIndexOf('/')) || '/';
      const attributes = from.map((f) => this.#scanned[f ?? -1]?.pendingDirectories.get(at));
      if (attributes.some((a) => a !== undefined)) return parentViewOf(set, attributes);
    }
    return { kind: 'none' };
  }

  #index(
    from: readonly (number | undefined)[],
    replies: readonly Reply[],
  ): { xattrop: boolean[]; dirty: boolean[] } | undefined {
    const indices = from.map((f) => this.#scanned[f ?? -1]?.index);
    if (indices.some((i) => i === undefined)) return undefined;
    const gfids = [...new Set(replies.flatMap((r) => copyOf(r)?.gfid ?? []))];
    const named = (which: 'xattrop' | 'dirty'): boolean[] =>
      indices.map((i) => gfids.some((g) => i?.[which].has(g) === true));
    const [xattrop, dirty] = [named('xattrop'), named('dirty')];
    if (xattrop.includes(true) || dirty.includes(true)) for (const g of gfids) this.#met.add(g);
    return { xattrop, dirty };
  }

  #reply(set: AfrSet, from: number | undefined, notes: readonly Note[]): Reply {
    const scanned = from === undefined ? undefined : this.#scanned[from];
    if (from === undefined || scanned === undefined)
      return { kind: 'unseen', because: 'nothing was collected of this brick' };
    return replyFrom(
      set,
      scanned,
      notes.filter((n) => n.from === from),
    );
  }

  #unseen(): string[] {
    return this.#assembled.sets.flatMap(({ set }, s) =>
      set.replicas
        .filter(
          (_, i) =>
            (this.#twice ? this.#children[s]?.[i]?.later : this.#children[s]?.[i]?.first) === undefined,
        )
        .map((r) => r.name),
    );
  }

  #indexNotes(): string[] {
    const named = this.#scanned.flatMap((n) =>
      n.index === undefined ? [] : [...n.index.xattrop, ...n.index.dirty],
    );
    const strays = new Set(named.filter((g) => !this.#met.has(g)));
    const notes =
      strays.size === 0
        ? []
        : [
            `the indices name ${strays.size} gfids under which no path was seen (deleted files, or not in the dumps): ${[...strays].slice(0, 3).join(', ')}${strays.size > 3 ? ', …' : ''}`,
          ];
    for (const s of this.#scanned) {
      if (s.index === undefined) notes.push(`${s.collected.name}: indices.txt was not collected`);
      if (s.mayBeCut)
        notes.push(
          `${s.collected.dump}: no empty line at the end: the dump may be cut off, so a name missing in it proves nothing`,
        );
    }
    return notes;
  }
}

const gfidOf = (replies: readonly Reply[]): string | undefined =>
  replies.map((r) => copyOf(r)?.gfid).find((g) => g !== undefined);

function sameGfid(replies: readonly Reply[]): boolean {
  const first = copyOf(replies[0])?.gfid;
  return replies.every((r) => copyOf(r)?.gfid === first);
}

/** Which copy the CLI's policies would choose. */
function factsOf(set: AfrSet, replies: readonly Reply[]): CopyFacts {
  const copies = replies.map(copyOf);
  const [biggest, newest] = [biggerFileOf(set, copies), newestOf(set, copies)];
  return { ...(biggest === undefined ? {} : { biggest }), ...(newest === undefined ? {} : { newest }) };
}
const biggerFileOf = (set: AfrSet, copies: readonly (Copy | undefined)[]): string | undefined =>
  set.replicas[biggerFile(copies) ?? -1]?.name;
const newestOf = (set: AfrSet, copies: readonly (Copy | undefined)[]): string | undefined =>
  set.replicas[latestMtime(copies) ?? -1]?.name;
