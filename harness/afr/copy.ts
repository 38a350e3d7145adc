/** What each brick answered when it was asked for one name. */
import type { BrickFacts, FileOnBrick } from '../model/facts.ts';
import { gfid, type Gfid } from '../model/names.ts';
import { changelog, DIRTY, NOTHING_PENDING, type Changelog, type Transaction } from './changelog.ts';
import type { AfrSet } from './replica-set.ts';

export type FileType = FileOnBrick['type'];

/** One brick's copy. What was not collected is left out, never guessed. Times are epoch milliseconds, sizes bytes. */
export interface Copy {
  readonly type?: FileType;
  readonly size?: number;
  readonly mtimeMs?: number;
  readonly ctimeMs?: number;
  readonly mode?: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly gfid?: Gfid;
  readonly dirty: Changelog;
  /** What this copy accuses each brick of, by index in the replica set; [own index] is a self-accusation. */
  readonly accuses: readonly Changelog[];
  /** All attributes, hex. */
  readonly xattrs: Readonly<Record<string, string>>;
  readonly sha256?: string;
}

export type Reply =
  | { readonly kind: 'copy'; readonly copy: Copy }
  /** The brick answered: there is no such name. */
  | { readonly kind: 'absent' }
  /** The brick did not answer, or can't be trusted to have told everything. */
  | { readonly kind: 'unseen'; readonly because: string };

export const copyOf = (reply: Reply | undefined): Copy | undefined =>
  reply?.kind === 'copy' ? reply.copy : undefined;

/** Decodes one brick's attributes. Throws on words of the wrong length, naming the attribute. */
export function copyFrom(
  set: AfrSet,
  xattrs: Readonly<Record<string, string>>,
  stat: Partial<Pick<Copy, 'type' | 'size' | 'mtimeMs' | 'ctimeMs' | 'mode' | 'uid' | 'gid' | 'sha256'>> = {},
): Copy {
  const id = xattrs['trusted.gfid'] === undefined ? undefined : gfid(xattrs['trusted.gfid']);
  const accuses = set.replicas.map((r) => changelog(xattrs[r.accusedAs], r.accusedAs));
  return {
    ...stat,
    ...(id === undefined ? {} : { gfid: id }),
    dirty: changelog(xattrs[DIRTY], DIRTY),
    accuses,
    xattrs,
  };
}

/** The same for what an observer of a lab or a cluster saw. */
export function copyFromFacts(set: AfrSet, file: FileOnBrick): Copy {
  const { type, size, mtimeMs, ctimeMs, mode, uid, gid } = file;
  const sha = file.sha256 === undefined ? {} : { sha256: file.sha256 };
  return copyFrom(set, file.xattrs, { type, size, mtimeMs, ctimeMs, mode, uid, gid, ...sha });
}

export const accusation = (replies: readonly Reply[], by: number, on: number, of: Transaction): number =>
  (copyOf(replies[by])?.accuses[on] ?? NOTHING_PENDING)[of];

export const dirtyOf = (reply: Reply | undefined, of: Transaction): number => copyOf(reply)?.dirty[of] ?? 0;

/** The one type that all copies have, or undefined when they differ or it was not collected. */
export function commonType(replies: readonly Reply[]): FileType | undefined {
  const types = new Set(replies.map((r) => copyOf(r)?.type).filter((t) => t !== undefined));
  return types.size === 1 ? [...types][0] : undefined;
}

/**
 * Attributes that AFR does not compare (afr-common.c `afr_xattr_match_needed`, `afr_ignore_xattrs`), and those that
 * say something about the brick rather than about the file.
 */
const NOT_COMPARED = new Set([
  'security.selinux',
  'trusted.glusterfs.mdata',
  'trusted.glusterfs.quota.size',
  'trusted.glusterfs.volume-id',
  'trusted.gfid',
]);
const compared = (name: string): boolean =>
  !name.startsWith('trusted.afr.') &&
  !name.startsWith('trusted.gfid2path.') &&
  !name.startsWith('trusted.glusterfs.quota.') &&
  !NOT_COMPARED.has(name);

/** What of uid, gid, mode and further attributes differs between two copies; only what was collected of both counts. */
export function metadataDifference(a: Copy, b: Copy): string[] {
  const differs: string[] = [];
  if (a.uid !== undefined && b.uid !== undefined && a.uid !== b.uid) differs.push(`uid ${a.uid}/${b.uid}`);
  if (a.gid !== undefined && b.gid !== undefined && a.gid !== b.gid) differs.push(`gid ${a.gid}/${b.gid}`);
  if (a.mode !== undefined && b.mode !== undefined && a.mode !== b.mode)
    differs.push(`mode ${a.mode}/${b.mode}`);
  for (const name of Object.keys(a.xattrs)) {
    if (compared(name) && a.xattrs[name] !== b.xattrs[name]) differs.push(name);
  }
  for (const name of Object.keys(b.xattrs)) {
    if (compared(name) && !(name in a.xattrs)) differs.push(name);
  }
  return differs;
}

/**
 * In a distributed volume a name may lie in another replica set than its hash says: there an empty file, mode 1000, points to the set
 * that has it (dht-helper.c `dht_is_linkfile`). It is no file of the volume.
 */
export const isPointer = (copy: Copy): boolean => copy.xattrs['trusted.glusterfs.dht.linkto'] !== undefined;

/** The replica set that a snapshot's bricks make up. */
export function afrSetOf(
  volume: string,
  bricks: readonly BrickFacts[],
  rules: Pick<AfrSet, 'quorum' | 'favoriteChild'>,
): AfrSet {
  const replicas = bricks.map((b) => ({
    name: b.brick,
    id: b.brick,
    accusedAs: b.accusedAs,
    arbiter: b.arbiter,
  }));
  return { volume, replicas, ...rules };
}
