/** How the bricks of a captured volume lie on the three nodes. */
import { NODES, type Node } from './cluster.ts';

export type Layout = 'replica-2' | 'replica-3' | 'replica-2-arbiter' | '2x-replica-2' | '2x-replica-3';

export interface Brick {
  /** As inspect is to call it: the node, and a letter when it is the node's second brick. */
  readonly name: Node | `${Node}b`;
  readonly node: Node;
  readonly path: string;
  /** Which replica set, from 0. */
  readonly set: number;
  readonly data: boolean;
}

export const LAYOUTS: Readonly<
  Record<Layout, { readonly kind: string; readonly sets: readonly (readonly Brick['name'][])[] }>
> = {
  'replica-2': { kind: 'replica 2', sets: [['cap1', 'cap2']] },
  'replica-3': { kind: 'replica 3', sets: [NODES] },
  'replica-2-arbiter': { kind: 'replica 2 arbiter 1', sets: [NODES] },
  '2x-replica-2': {
    kind: 'replica 2',
    sets: [
      ['cap1', 'cap2'],
      ['cap3', 'cap1b'],
    ],
  },
  '2x-replica-3': { kind: 'replica 3', sets: [NODES, ['cap1b', 'cap2b', 'cap3b']] },
};
