/** Who sees whom in a made-up cluster: what one node's glusterd, and a heal walk started on it, get to know. */
import type { NodeName } from '../model/names.ts';
import { machineOf } from './world.ts';
import type { World, WorldFile } from './world.ts';

const cut = (world: World, one: NodeName, other: NodeName): boolean =>
  machineOf(world, one).cutFrom.includes(other) || machineOf(world, other).cutFrom.includes(one);

const runsGlusterd = (world: World, node: NodeName): boolean => {
  const { power, glusterd } = machineOf(world, node);
  return power === 'on' && glusterd === 'up';
};

/** The two glusterds are connected. */
export const peered = (world: World, view: NodeName, other: NodeName): boolean =>
  view === other || (runsGlusterd(world, view) && runsGlusterd(world, other) && !cut(world, view, other));

/** Nodes whose rows `volume status` has on `view`: a node that does not answer, or is no member, has no rows at all. */
export const listedBy = (world: World, view: NodeName): readonly NodeName[] =>
  world.site.nodes.filter(
    (one) =>
      one === view ||
      (peered(world, view, one) && machineOf(world, one).rejected === machineOf(world, view).rejected),
  );

/** Server quorum as `view`'s glusterd counts it: more than half of the pool. */
export const hasServerQuorum = (world: World, view: NodeName): boolean =>
  world.site.nodes.filter((one) => peered(world, view, one)).length * 2 > world.site.nodes.length;

/** A new client on `view` gets the brick's port from its glusterd and then connects: a living brick behind a stopped glusterd is out of reach. */
export function brickReached(world: World, view: NodeName, owner: NodeName): boolean {
  return machineOf(world, owner).brick === 'up' && runsGlusterd(world, owner) && !cut(world, view, owner);
}

export const allBricksReached = (world: World, view: NodeName): boolean =>
  world.site.nodes.every((one) => brickReached(world, view, one));

/** What is in the brick's `indices/xattrop`. */
export const inXattrop = (world: World, owner: NodeName): readonly WorldFile[] =>
  world.files.filter((one) => one.indexed && one.accusations.some(({ by }) => by === owner));

/** What is in the brick's `indices/dirty`. */
export const inDirty = (world: World, owner: NodeName): readonly WorldFile[] =>
  world.files.filter((one) => one.indexed && one.dirtyOn.includes(owner));

/** What `heal info` lists for a brick: its xattrop index, and of the dirty one what no live writer holds. */
export function healListed(world: World, owner: NodeName): readonly WorldFile[] {
  const pending = inXattrop(world, owner);
  return [...pending, ...inDirty(world, owner).filter((one) => !one.locked && !pending.includes(one))];
}

/** How long a heal walk takes: measured, a brick that hangs costs 10 s, a node that is off 3 s, an entry 1.3 ms. */
export function walkSeconds(world: World, view: NodeName): number {
  const waits = world.site.nodes.map((one) => {
    const { power, brick } = machineOf(world, one);
    if (power === 'off' || cut(world, view, one)) return 3;
    return brick === 'hung' ? 10 : 0;
  });
  const entries = world.site.nodes.reduce((sum, one) => sum + healListed(world, one).length, 0);
  return Math.max(...waits) + entries * 0.0013 + 0.2;
}
