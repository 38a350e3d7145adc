/** Choosing one of several conflicting copies: by GlusterFS's own policy, or by an operator's command. */
import type { Copy } from './copy.ts';
import type { FavoriteChild } from './replica-set.ts';

type Copies = readonly (Copy | undefined)[];

/**
 * afr-self-heal-common.c `afr_sh_get_fav_by_policy`. Needs every brick (`afr_can_decide_split_brain_source_sinks`) and the
 * attribute that the policy compares; undefined when it can't decide.
 */
export function favoriteChild(policy: FavoriteChild, copies: Copies): number | undefined {
  if (copies.some((c) => c === undefined)) return undefined;
  switch (policy) {
    case 'none':
      return undefined;
    case 'size':
      return copies.some((c) => c?.type === 'directory') ? undefined : onlyBest(copies, (c) => c.size);
    case 'mtime':
      return firstBest(copies, (c) => c.mtimeMs);
    case 'ctime':
      return firstBest(copies, (c) => c.ctimeMs);
    case 'majority':
      return byMajority(copies);
    default:
      return policy satisfies never;
  }
}

/** `gluster volume heal V split-brain bigger-file` (`afr_mark_largest_file_as_source`): works only when one is biggest. */
export const biggerFile = (copies: Copies): number | undefined => onlyBest(copies, (c) => c.size);
/** `gluster volume heal V split-brain latest-mtime` (`afr_mark_latest_mtime_file_as_source`). */
export const latestMtime = (copies: Copies): number | undefined => onlyBest(copies, (c) => c.mtimeMs);

/** The single copy with the highest score; undefined on a tie or when a score was not collected. */
function onlyBest(copies: Copies, score: (copy: Copy) => number | undefined): number | undefined {
  const best = firstBest(copies, score);
  const top = best === undefined ? undefined : copies[best];
  if (best === undefined || top === undefined) return undefined;
  return copies.some((c, i) => i !== best && c !== undefined && score(c) === score(top)) ? undefined : best;
}

function firstBest(copies: Copies, score: (copy: Copy) => number | undefined): number | undefined {
  let best: number | undefined;
  let top = 0;
  for (const [i, copy] of copies.entries()) {
    const value = copy === undefined ? undefined : score(copy);
    if (value === undefined) return undefined;
    if (value > top) [best, top] = [i, value];
  }
  return best;
}

/** `afr_sh_fav_by_majority`: more than half agree in mtime (whole seconds) and size. */
function byMajority(copies: Copies): number | undefined {
  if (copies.some((c) => c?.mtimeMs === undefined || c.size === undefined)) return undefined;
  const key = (c: Copy | undefined): string => `${Math.floor((c?.mtimeMs ?? 0) / 1000)}/${c?.size}`;
  const found = copies.findIndex((c) => copies.filter((d) => key(d) === key(c)).length > copies.length / 2);
  return found < 0 ? undefined : found;
}
