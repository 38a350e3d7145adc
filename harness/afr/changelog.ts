/** The words that AFR keeps in extended attributes, decoded. Hex comes without `0x`, in any case. */

/** What one attribute counts: operations that are pending on somebody (`trusted.afr.<client>`) or unfinished (`trusted.afr.dirty`). */
export interface Changelog {
  readonly data: number;
  readonly metadata: number;
  readonly entry: number;
}
export type Transaction = keyof Changelog;
export const TRANSACTIONS: readonly Transaction[] = ['data', 'metadata', 'entry'];

export const NOTHING_PENDING: Changelog = { data: 0, metadata: 0, entry: 0 };
export const DIRTY = 'trusted.afr.dirty';
export const ROOT_GFID = '00000000-0000-0000-0000-000000000001';

/** Attributes whose length is fixed by the format, in bytes. */
const LENGTHS: Readonly<Record<string, number>> = {
  'trusted.gfid': 16,
  'trusted.glusterfs.volume-id': 16,
  'trusted.glusterfs.shard.block-size': 8,
  'trusted.glusterfs.shard.file-size': 32,
};
const CHANGELOG_BYTES = 12;
const HEX = /^(?:[0-9a-fA-F]{2})*$/;

/** Says what is wrong with an attribute's value, or undefined when it can be decoded. Attributes that this room doesn't decode are not judged. */
export function attributeFault(name: string, hex: string): string | undefined {
  if (!HEX.test(hex)) return `${name}: '${shown(hex)}' is not whole bytes of hex`;
  const bytes = hex.length / 2;
  const wanted = name.startsWith('trusted.afr.') ? CHANGELOG_BYTES : LENGTHS[name];
  if (wanted === undefined || bytes === wanted) return undefined;
  return `${name} has ${bytes} bytes, ${wanted} expected: '${shown(hex)}'`;
}

/** Says which attribute, what was found in it, and what to do. */
export class MalformedAttribute extends Error {}

const shown = (hex: string): string => (hex.length > 40 ? `${hex.slice(0, 40)}…` : hex);

const ZERO = '0'.repeat(CHANGELOG_BYTES * 2);

/**
 * Decodes three big-endian 32-bit counters: data, metadata, entry (afr.h `AFR_NUM_CHANGE_LOGS`; afr-self-heal-common.c
 * `afr_selfheal_fill_cell`). A missing attribute counts as zero, as there. @throws MalformedAttribute on a value that `attributeFault` rejects.
 */
export function changelog(hex: string | undefined, name = 'trusted.afr.*'): Changelog {
  if (hex === undefined || hex === ZERO) return NOTHING_PENDING;
  const fault = attributeFault(name.startsWith('trusted.afr.') ? name : 'trusted.afr.*', hex);
  if (fault !== undefined)
    throw new MalformedAttribute(
      `cannot decode a changelog: ${fault}; read the attribute again with getfattr -e hex`,
    );
  const word = (index: number): number => Number.parseInt(hex.slice(index * 8, index * 8 + 8), 16);
  return { data: word(0), metadata: word(1), entry: word(2) };
}

export const isPending = (log: Changelog): boolean =>
  log !== NOTHING_PENDING && (log.data !== 0 || log.metadata !== 0 || log.entry !== 0);

/** What a sharded image's base file keeps of the whole, in bytes. */
export interface ImageShape {
  readonly bytes: number;
  readonly blockBytes: number;
  /** What is allocated of it on disk, about: bricks allocate ahead. */
  readonly allocatedBytes: number;
}

/**
 * From the base file's attributes: the block size is 8 bytes big-endian, the size the first of four 64-bit words, the third the
 * number of 512-byte blocks
 * (features/shard/src/shard.c `shard_modify_size_and_block_count`). Undefined for a file that is no sharded image.
 */
export function imageShape(xattrs: Readonly<Record<string, string>>): ImageShape | undefined {
  const [block, size] = [
    xattrs['trusted.glusterfs.shard.block-size'],
    xattrs['trusted.glusterfs.shard.file-size'],
  ];
  if (block?.length !== 16 || size?.length !== 64) return undefined;
  const word = (index: number): number => Number(BigInt(`0x${size.slice(index * 16, index * 16 + 16)}`));
  return { bytes: word(0), blockBytes: Number(BigInt(`0x${block}`)), allocatedBytes: word(2) * 512 };
}

const SHARD_NAME = /^\/\.shard\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(\d+)$/;

/** Which image and which block a path below `/.shard` holds. */
export function shardOf(path: string): { readonly base: string; readonly block: number } | undefined {
  if (!path.startsWith('/.shard/')) return undefined;
  const match = SHARD_NAME.exec(path);
  return match?.[1] === undefined ? undefined : { base: match[1], block: Number(match[2]) };
}
