/** Builders for tests: replica sets and copies in few words. */
import type { FileInput } from './aspect.ts';
import type { Changelog } from './changelog.ts';
import type { Copy, Reply } from './copy.ts';
import { effectiveQuorum, type AfrSet, type FavoriteChild } from './replica-set.ts';

const LETTERS = ['b0', 'b1', 'b2', 'b3'];

/** Bricks b0, b1, …; options as GlusterFS sets them by default. */
export function replicas(
  count: number,
  options: { arbiter?: boolean; quorum?: string; count?: number; favoriteChild?: FavoriteChild } = {},
): AfrSet {
  return {
    volume: 'v',
    replicas: LETTERS.slice(0, count).map((name, i) => ({
      name,
      id: `${name}:/brick` as never,
      accusedAs: `trusted.afr.v-client-${i}`,
      arbiter: options.arbiter === true && i === count - 1,
    })),
    quorum: effectiveQuorum(count, options.quorum, options.count),
    favoriteChild: options.favoriteChild ?? 'none',
  };
}

export const log = (data = 0, metadata = 0, entry = 0): Changelog => ({ data, metadata, entry });

/** What differs from a healthy 4 KiB file; `accuses` by index of the accused brick. */
export interface CopyWords extends Partial<Omit<Copy, 'accuses' | 'dirty'>> {
  readonly accuses?: Readonly<Record<number, Changelog>>;
  readonly dirty?: Changelog;
}

export const GFID = 'aaaaaaaa-0000-0000-0000-000000000001';

export function copy(words: CopyWords = {}): Copy {
  const { accuses = {}, dirty = log(), ...rest } = words;
  return {
    type: 'file',
    size: 4096,
    mtimeMs: 1_700_000_000_000,
    ctimeMs: 1_700_000_000_000,
    mode: '644',
    uid: 0,
    gid: 0,
    gfid: GFID as never,
    xattrs: {},
    ...rest,
    dirty,
    accuses: [0, 1, 2, 3].map((i) => accuses[i] ?? log()),
  };
}

export const absent: Reply = { kind: 'absent' };
export const unseen: Reply = { kind: 'unseen', because: 'no answer' };

/** `undefined` stands for a healthy copy. */
export const file = (...words: readonly (CopyWords | Reply | undefined)[]): FileInput => ({
  path: '/f',
  replies: words.map((w) => (w !== undefined && 'kind' in w ? w : { kind: 'copy', copy: copy(w) })),
});
