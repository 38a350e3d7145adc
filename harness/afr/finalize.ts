/** What GlusterFS will then really do: the choice among several sources, and what becomes of a split brain. */
import { copyOf, metadataDifference, type Copy, type Reply } from './copy.ts';
import type { Direction } from './direction.ts';
import { favoriteChild } from './favorite.ts';
import { countOf, type AfrSet } from './replica-set.ts';

export type HealPlan =
  /** Nothing to do. */
  | { readonly kind: 'none' }
  /** `source` overwrites `sinks`; `by` says which rule chose it. */
  | {
      readonly kind: 'heals';
      readonly source: number;
      readonly sources: readonly boolean[];
      readonly sinks: readonly boolean[];
      readonly by: string;
    }
  /** Entry heal only: names are united, deleted ones reappear. */
  | { readonly kind: 'merges' }
  /** EIO; a person has to choose. */
  | { readonly kind: 'stuck' }
  /** Would be decided by something that was not collected. */
  | { readonly kind: 'unknown'; readonly because: string };

const sinksBut = (sources: readonly boolean[]): boolean[] => sources.map((s) => !s);

function plan(sources: readonly boolean[], by: string): HealPlan {
  const sinks = sinksBut(sources); // afr_mark_active_sinks: whoever is no source is healed
  if (countOf(sinks) === 0) return { kind: 'none' };
  return { kind: 'heals', source: sources.indexOf(true), sources, sinks, by };
}

/** afr-self-heal-data.c `__afr_selfheal_data_finalize_source`, for a file of which every brick has a copy. */
export function finalizeData(direction: Direction, replies: readonly Reply[], set: AfrSet): HealPlan {
  const copies = replies.map((r) => copyOf(r));
  if (direction.splitBrain) return resolveSplitBrain(copies, set, emptyEverywhere(copies));
  const { sources } = direction;
  const sized = copies.every((c, i) => sources[i] !== true || c?.size !== undefined);
  if (!sizesDiffer(copies, sources, set) && !sources.some((s, i) => s && (direction.witness[i] ?? 0) > 0))
    return refuseArbiter(
      plan(sources, sized ? 'accusations' : 'accusations (sizes not collected)'),
      copies,
      set,
    );
  if (!sized)
    return { kind: 'unknown', because: 'several copies qualify and their sizes were not collected' };
  const largest = keepBest(sources, (i) => copies[i]?.size ?? 0);
  const witnessed = keepBest(largest, (i) => direction.witness[i] ?? 0);
  if (countOf(witnessed) > 1 && copies.some((c, i) => witnessed[i] === true && c?.ctimeMs === undefined))
    return { kind: 'unknown', because: 'the newest ctime would decide and it was not collected' };
  const source = newestCtime(witnessed, copies);
  if (set.replicas.some((r) => r.arbiter) && emptyEverywhere(copies))
    return plan(onlyOne(sources.length, 0), 'empty everywhere');
  return refuseArbiter(
    plan(onlyOne(sources.length, source), 'size, then witness, then newest ctime'),
    copies,
    set,
  );
}

/** `__afr_selfheal_data`: an arbiter holds no data and never heals others, except empty files. */
function refuseArbiter(decided: HealPlan, copies: readonly (Copy | undefined)[], set: AfrSet): HealPlan {
  if (decided.kind !== 'heals') return decided;
  const data = decided.sources.findIndex((s, i) => s && set.replicas[i]?.arbiter === false);
  if (data >= 0) return { ...decided, source: data };
  return emptyEverywhere(copies) ? decided : { kind: 'stuck' };
}

/**
 * afr-self-heal-metadata.c `__afr_selfheal_metadata_prepare` and `__afr_selfheal_metadata_finalize_source`.
 * `afr_dirtime_splitbrain_source` is left out: what it would settle is settled as "alike on all bricks" before it is asked.
 */
export function finalizeMetadata(direction: Direction, replies: readonly Reply[], set: AfrSet): HealPlan {
  const copies = replies.map((r) => copyOf(r));
  if (direction.splitBrain) {
    return resolveSplitBrain(copies, set, sameMetadata(copies));
  }
  const witness = direction.sources.findIndex((s, i) => s && (direction.witness[i] ?? 0) > 0);
  const sources = witness >= 0 ? onlyOne(copies.length, witness) : [...direction.sources];
  const source = sources.indexOf(true);
  const first = copies[source];
  for (const [i, copy] of copies.entries()) {
    if (first !== undefined && copy !== undefined && metadataDifference(first, copy).length > 0)
      sources[i] = false;
  }
  return plan(sources, witness >= 0 ? 'dirty' : 'accusations, then the first source');
}

/** afr-self-heal-entry.c `__afr_selfheal_entry_finalize_source`: any doubt leads to a conservative merge, never to EIO by itself. */
export function finalizeEntry(direction: Direction): HealPlan {
  const doubt = direction.splitBrain || direction.witness.some((w) => w > 0);
  if (doubt) return { kind: 'merges' };
  if (!direction.pending) return { kind: 'none' };
  if (countOf(direction.sinks) === 0 || countOf(direction.sinks) === direction.sinks.length)
    return { kind: 'merges' };
  const source = direction.sources.indexOf(true);
  return { kind: 'heals', source, sources: direction.sources, sinks: direction.sinks, by: 'accusations' };
}

/** `afr_mark_split_brain_source_sinks` without a command from an operator. */
function resolveSplitBrain(copies: readonly (Copy | undefined)[], set: AfrSet, alike: boolean): HealPlan {
  if (alike) return plan(onlyOne(copies.length, 0), 'alike on all bricks');
  if (set.favoriteChild === 'none') return { kind: 'stuck' };
  const chosen = favoriteChild(set.favoriteChild, copies);
  return chosen === undefined
    ? { kind: 'stuck' }
    : plan(onlyOne(copies.length, chosen), `favorite-child-policy ${set.favoriteChild}`);
}

const emptyEverywhere = (copies: readonly (Copy | undefined)[]): boolean =>
  copies.every((c) => c?.size === 0);

/** Alike in all that was collected; without a mode nothing was compared, and that is not "alike". */
function sameMetadata(copies: readonly (Copy | undefined)[]): boolean {
  const [first] = copies;
  if (first?.mode === undefined) return false;
  return copies.every((c) => c?.mode !== undefined && metadataDifference(first, c).length === 0);
}

/** afr-self-heal-data.c `afr_does_size_mismatch`. */
export function sizesDiffer(
  copies: readonly (Copy | undefined)[],
  among: readonly boolean[],
  set: AfrSet,
): boolean {
  const sizes = copies.flatMap((c, i) =>
    among[i] !== true || c?.size === undefined || (set.replicas[i]?.arbiter === true && c.size === 0)
      ? []
      : [c.size],
  );
  return sizes.some((s) => s !== sizes[0]);
}

function keepBest(among: readonly boolean[], score: (i: number) => number): boolean[] {
  const best = among.reduce((max, is, i) => (is ? Math.max(max, score(i)) : max), 0);
  return among.map((is, i) => is && score(i) >= best);
}

/** `afr_mark_newest_file_as_source` compares whole seconds, and the last of equals wins. */
function newestCtime(among: readonly boolean[], copies: readonly (Copy | undefined)[]): number {
  const seconds = (i: number): number => Math.floor((copies[i]?.ctimeMs ?? 0) / 1000);
  return keepBest(among, seconds).lastIndexOf(true);
}

const onlyOne = (bricks: number, one: number): boolean[] =>
  Array.from({ length: bricks }, (_, i) => i === one);
