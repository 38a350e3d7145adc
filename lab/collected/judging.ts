/** Second pass: takes the spool bucket by bucket, puts each path's copies side by side and has them judged. */
import {
  changedOf,
  copyOf,
  Inspector,
  parentViewOf,
  type AfrSet,
  type FileInput,
  type Inspection,
  type Judged,
  type ParentView,
  type Reply,
} from '../../harness/index.ts';
import type { Assembled, AssembledSet } from './assemble.ts';
import { doubtsAbout } from './doubts.ts';
import { replyFrom } from './reply.ts';
import type { Scanned } from './scan.ts';
import type { Note, Spool } from './spool.ts';

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
  /** Gfids of the indices under which a path was seen. */
  readonly #met = new Set<string>();

  /** `scanned`: the first `firsts` are the first snapshot, the others the later one. */
  constructor(assembled: Assembled, scanned: readonly Scanned[], firsts: number) {
    this.#assembled = assembled;
    this.#scanned = scanned;
    this.#twice = scanned.length > firsts;
    const laterOf = (name: string | undefined): number | undefined => {
      const at = scanned.findIndex((s, i) => i >= firsts && s.collected.name === name);
      return at < 0 ? undefined : at;
    };
    this.#children = assembled.sets.map((s) =>
      s.given.map((g) => ({
        first: g,
        later: g === undefined ? undefined : laterOf(scanned[g]?.collected.name),
      })),
    );
  }

  run(spool: Spool, each: (judged: Judged) => void): Inspection {
    const { sets, volume, notes, partly } = this.#assembled;
    const inspector = new Inspector((gfid) => this.#scanned.some((s) => s.shardBases.has(gfid)), each);
    for (let bucket = 0; bucket < spool.buckets; bucket += 1) {
      const byPath = spool.take(bucket);
      for (const path of [...byPath.keys()].sort()) {
        for (const [s, assembled] of sets.entries()) {
          const input = this.#input(s, assembled, path, byPath.get(path) ?? []);
          if (input !== undefined) inspector.take(assembled.set, input);
        }
      }
    }
    const doubts = doubtsAbout(this.#scanned, this.#met);
    return inspector.finish(
      volume,
      sets.map((s) => s.set),
      {
        unseen: this.#unseen(),
        notes: [...notes, ...doubts.notes],
        partly: partly || doubts.partly,
      },
    );
  }

  #latest(s: number): (number | undefined)[] {
    return (this.#children[s] ?? []).map((c) => (this.#twice ? c.later : c.first));
  }

  #input(s: number, { set }: AssembledSet, path: string, notes: readonly Note[]): FileInput | undefined {
    const children = this.#children[s] ?? [];
    const mine = notes.filter((n) => children.some((c) => c.first === n.from || c.later === n.from));
    if (!mine.some((n) => n.kind === 'dump')) return undefined; // listed by find or sha256sum only: no file of the volume
    const latest = this.#latest(s);
    const replies = latest.map((from) => this.#reply(set, from, mine));
    const alike = replies.every((r) => r.kind === 'copy') && sameGfid(replies);
    const index = this.#index(latest, replies);
    return {
      path,
      replies,
      ...(this.#twice ? { earlier: children.map((c) => this.#reply(set, c.first, mine)) } : {}),
      ...(alike ? {} : { parent: this.#parentView(set, latest, path) }),
      ...(index === undefined ? {} : { index }),
      seenAtMs: latest.map((from) => this.#scanned[from ?? -1]?.collected.about.atMs),
    };
  }

  #reply(set: AfrSet, from: number | undefined, notes: readonly Note[]): Reply {
    const scanned = from === undefined ? undefined : this.#scanned[from];
    if (scanned === undefined) return { kind: 'unseen', because: 'nothing was collected of this brick' };
    return replyFrom(
      set,
      scanned,
      notes.filter((n) => n.from === from),
    );
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

  #index(from: readonly (number | undefined)[], replies: readonly Reply[]): FileInput['index'] {
    const indices = from.map((f) => this.#scanned[f ?? -1]?.index);
    if (indices.every((i) => i === undefined)) return undefined;
    const gfids = [...new Set(replies.flatMap((r) => copyOf(r)?.gfid ?? []))];
    const named = (which: 'xattrop' | 'dirty'): boolean[] =>
      indices.map((i) => gfids.some((g) => i?.[which].has(g) === true));
    const [xattrop, dirty] = [named('xattrop'), named('dirty')];
    if (xattrop.includes(true) || dirty.includes(true)) for (const g of gfids) this.#met.add(g);
    if (indices.includes(undefined)) return undefined;
    const changed = changedOf(indices.flatMap((i) => gfids.map((g) => i?.entryChanges.get(g))));
    return { xattrop, dirty, ...(changed === undefined ? {} : { changed }) };
  }

  #unseen(): string[] {
    return this.#assembled.sets.flatMap(({ set }, s) => {
      const latest = this.#latest(s);
      return set.replicas.filter((_, i) => latest[i] === undefined).map((r) => r.name);
    });
  }
}

function sameGfid(replies: readonly Reply[]): boolean {
  const first = copyOf(replies[0])?.gfid;
  return replies.every((r) => copyOf(r)?.gfid === first);
}
