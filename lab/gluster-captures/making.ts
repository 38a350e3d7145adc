/** What the captured states are made of. */
import { client, on, tryClient, type Node } from './cluster.ts';
import type { Brick, Layout } from './layouts.ts';
import { Volume } from './volume.ts';

export interface Made {
  readonly volume: Volume;
  /** Files whose fate is watched. */
  readonly files: readonly string[];
  /** Nodes that are not collected: their brick is down with them. */
  readonly away?: readonly Node[];
  /** Runs between two snapshots; its presence asks for a second one. */
  readonly between?: () => void;
  readonly after?: () => void;
}

export interface State {
  readonly says: string;
  readonly make: (name: string) => Made;
}

export const IMG = 'img';

export function withImage(name: string, layout: Layout): Volume {
  const volume = new Volume(name, layout);
  volume.image(IMG);
  return volume;
}

/** Blocks of an image: two in its base file, two in its shard 1. */
export const BASE_1 = 16;
export const BASE_2 = 32;
export const SHARD_1 = 1120;
export const SHARD_2 = 1136;

/** Writes while a brick is down. */
export function missed(volume: Volume, brick: Brick['name'], ...blocks: readonly number[]): void {
  volume.down(brick);
  for (const block of blocks) volume.ledger.block(IMG, block);
  volume.settle();
}

/** Each side of a replica 2 without quorum misses what the other took. */
export function bothSides(volume: Volume, first: () => void, second: () => void): void {
  const sides = volume.bricks.filter((b) => b.set === 0).map((b) => b.name);
  for (const [at, does] of [first, second].entries()) {
    volume.down(sides[at] ?? 'cap1');
    does();
    volume.settle();
    volume.up();
  }
}

/** A writer in place, as a VM is: every block is acknowledged, and the file does not grow. */
export const writer = (volume: Volume): void => volume.ledger.startLoop(IMG, 3040);
export const killClient = (volume: Volume): void =>
  void tryClient(
    `kill -9 $(pgrep -f '[g]lusterfs .*${volume.mount}$'); kill -9 $(cat /tmp/writer); umount -l ${volume.mount}; true`,
  );
export const again = (volume: Volume): void =>
  void client(
    `mount -t glusterfs -o attribute-timeout=0,entry-timeout=0 cap1:/${volume.name} ${volume.mount}`,
  );
export const xattr = (volume: Volume, node: Node, name: string, value: string, file: string): string =>
  on(node, `setfattr -n ${name} -v ${value} ${volume.brick}/${file}`);
