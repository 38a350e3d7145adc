/** The bricks that hold the same files, and the rules that decide when they may be used. */
import type { BrickId } from '../model/names.ts';

export interface Replica {
  /** How people call the brick in output: the name given to `inspect`, or its id. */
  readonly name: string;
  readonly id?: BrickId;
  /** The attribute by which others accuse this brick, such as `trusted.afr.vmstore-client-0`. */
  readonly accusedAs: string;
  readonly arbiter: boolean;
}

export type QuorumRule =
  | { readonly type: 'auto' }
  | { readonly type: 'fixed'; readonly count: number }
  | { readonly type: 'none' };

/** `cluster.favorite-child-policy`: how GlusterFS throws data away by itself. */
export type FavoriteChild = 'none' | 'size' | 'ctime' | 'mtime' | 'majority';

export interface AfrSet {
  readonly volume: string;
  /** In the order of the volume file; index i is what the sources call child i. */
  readonly replicas: readonly Replica[];
  readonly quorum: QuorumRule;
  readonly favoriteChild: FavoriteChild;
}

/**
 * The rule that holds in effect. Unset means `auto` for three and more bricks and `none` for two; `fixed` without a
 * count is `none` (afr.c `fix_quorum_options`; upstream test bug-1448804).
 */
export function effectiveQuorum(bricks: number, type?: string, count?: number): QuorumRule {
  if (type === 'none') return { type: 'none' };
  if (type === 'auto') return { type: 'auto' };
  if (type === 'fixed') return count !== undefined && count > 0 ? { type: 'fixed', count } : { type: 'none' };
  return bricks >= 3 ? { type: 'auto' } : { type: 'none' };
}

/** afr-self-heal-common.c `afr_get_quorum_count`: 0 when there is no quorum rule. */
export function quorumCount(rule: QuorumRule, bricks: number): number {
  if (rule.type === 'auto') return Math.floor(bricks / 2) + 1;
  return rule.type === 'fixed' ? rule.count : 0;
}

/** afr-transaction.c `afr_has_quorum`: with `auto`, exactly half is enough when the first brick is among them. */
export function hasQuorum(up: readonly boolean[], rule: QuorumRule): boolean {
  const count = countOf(up);
  if (rule.type === 'auto' && count * 2 === up.length) return up[0] === true;
  return count >= quorumCount(rule, up.length);
}

export const countOf = (flags: readonly boolean[]): number =>
  flags.reduce((sum, flag) => sum + (flag ? 1 : 0), 0);

/** How many of these hold data: an arbiter has names and metadata only. */
export const dataCopies = (set: AfrSet, among: readonly boolean[]): number =>
  set.replicas.filter(({ arbiter }, i) => among[i] === true && !arbiter).length;
export const namesWhere = (set: AfrSet, flags: readonly boolean[]): string[] =>
  set.replicas.filter((_, i) => flags[i] === true).map((r) => r.name);
