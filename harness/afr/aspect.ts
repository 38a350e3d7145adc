/** The parts that a file's verdict is put together from: one per kind of trouble. */
import type { Changelog } from './changelog.ts';
import { copyOf, type Copy, type Reply } from './copy.ts';
import type { HealPlan } from './finalize.ts';
import type { AfrSet } from './replica-set.ts';
import type { ConflictKind, Evidence, FileState } from './state.ts';

export interface Aspect {
  readonly state: FileState;
  readonly kind: ConflictKind;
  readonly sources: readonly boolean[];
  readonly sinks: readonly boolean[];
  readonly because: string;
  readonly heals: string;
  readonly evidence: readonly Evidence[];
  /** Copies known to lack writes though nobody may accuse them, and copies of which nobody can tell. */
  readonly stale?: readonly boolean[];
  readonly doubtful?: readonly boolean[];
  readonly notes?: readonly string[];
  /** The brick that favorite-child-policy lets win a split brain, data of the others lost. */
  readonly favored?: number;
  /** The name was removed; what is left of it goes with the heal. */
  readonly deleted?: boolean;
}

/** What the entry words of the directories above say about a name in them. */
export type ParentView =
  | { readonly kind: 'none' }
  | { readonly kind: 'heals'; readonly sources: readonly boolean[]; readonly sinks: readonly boolean[] }
  | { readonly kind: 'merges' }
  | { readonly kind: 'unseen' };

/** Acknowledged writes that a brick's copy lacks, from a write ledger: ranges of record numbers by brick index. */
export interface Ledger {
  readonly missing: readonly (readonly (readonly [first: number, last: number])[])[];
}

/** Everything known about one name. `replies` is the latest snapshot; `earlier` the one before, when two were taken. */
export interface FileInput {
  readonly path: string;
  readonly replies: readonly Reply[];
  readonly earlier?: readonly Reply[];
  readonly parent?: ParentView;
  /** By brick: the same gfid under another name, where this name is missing (a rename or a link that is not healed yet). */
  readonly elsewhere?: readonly (Copy | undefined)[];
  /** When each brick was read, epoch milliseconds. */
  readonly seenAtMs?: readonly (number | undefined)[];
  readonly ledger?: Ledger;
  /** Whether each brick's index names this file; left out when the indices were not collected. */
  readonly index?: {
    readonly xattrop: readonly boolean[];
    readonly dirty: readonly boolean[];
    /** Of a directory, on whatever brick: names in it that changed, for granular entry heal. */
    readonly changed?: Changed;
  };
}

/** Names, of which the first few are kept. */
export interface Changed {
  readonly count: number;
  readonly some: readonly string[];
}
const SOME = 5;
/** Of several bricks; the same name on two of them counts once, as far as it is among those that are kept. */
export function changedOf(lists: readonly (Changed | undefined)[]): Changed | undefined {
  const known = lists.filter((one) => one !== undefined);
  if (known.length === 0) return undefined;
  const some = [...new Set(known.flatMap((one) => one.some))].sort().slice(0, SOME);
  return { count: Math.max(some.length, ...known.map((one) => one.count)), some };
}
export const withName = (changed: Changed | undefined, name: string): Changed => ({
  count: (changed?.count ?? 0) + 1,
  some: [...(changed?.some ?? []), name].slice(0, SOME),
});

/** Indices of bricks that hold data of this file. */
export const dataBricks = (set: AfrSet, replies: readonly Reply[]): number[] =>
  replies.flatMap((r, i) => (r.kind === 'copy' && set.replicas[i]?.arbiter === false ? [i] : []));

export type Contents = 'equal' | 'differ' | 'not compared';

/** Compares sha256 of the given bricks' copies; only complete when each has one. */
export function contentsOf(replies: readonly Reply[], bricks: readonly number[]): Contents {
  const sums = bricks.map((i) => copyOf(replies[i])?.sha256);
  const known = new Set(sums.filter((s) => s !== undefined));
  if (known.size > 1) return 'differ';
  return bricks.length < 2 || sums.includes(undefined) ? 'not compared' : 'equal';
}

export function describePlan(plan: HealPlan, set: AfrSet): string {
  const name = (i: number): string => set.replicas[i]?.name ?? `brick ${i}`;
  const list = (flags: readonly boolean[]): string =>
    flags.flatMap((f, i) => (f ? [name(i)] : [])).join(', ');
  switch (plan.kind) {
    case 'none':
      return 'never: GlusterFS finds nothing to heal';
    case 'heals':
      return `by itself once all bricks are connected: ${name(plan.source)} overwrites ${list(plan.sinks)} (chosen by ${plan.by})`;
    case 'merges':
      return 'by itself, as a conservative merge: the union of all names stays, deleted names come back';
    case 'stuck':
      return 'never by itself: a person has to choose';
    case 'unknown':
      return `can't be told: ${plan.because}`;
    default:
      return plan satisfies never;
  }
}

export const flags = (bricks: number, of: (i: number) => boolean): boolean[] =>
  Array.from({ length: bricks }, (_, i) => of(i));
export const listed = (set: AfrSet, which: readonly boolean[]): string =>
  set.replicas.flatMap((r, i) => (which[i] === true ? [r.name] : [])).join(', ') || 'none';
export const total = (log: Changelog): number => log.data + log.metadata + log.entry;
