/** What keeps a site from rest, from what its watchers last said. Silence is never rest. */
import { bricksOf } from '../model/site.ts';
import type { SiteSpec } from '../model/site.ts';
import type { Live } from './live.ts';

const list = <T>(items: readonly T[], say: (item: T) => string | undefined): readonly string[] =>
  items.map(say).filter((text) => text !== undefined);

/** A node looks every second whether its brick is found, and acts up to three times, each two seconds after the last: the third ends the brick. */
const MENDING_MS = 6000;

/** The volume: every client connected to every brick, nothing left to heal, no brick about to be mended. Empty = at rest. */
export function volumePending(spec: SiteSpec, live: Live, nowMs: number): readonly string[] {
  const bricks = bricksOf(spec);
  return [
    ...list(spec.nodes, (node) =>
      live.latest('node', node)?.state === 'up'
        ? undefined
        : `${node} is not up (${live.latest('node', node)?.state ?? 'never seen'})`,
    ),
    ...list(spec.nodes, (node) => {
      const mended = live.latest('note', node);
      return mended !== undefined && nowMs - mended.atMs < MENDING_MS ? `${node} mends its brick` : undefined;
    }),
    ...bricks.flatMap(({ brick }) =>
      list(spec.nodes, (node) =>
        live.latest('brick', brick, node)?.connected === true
          ? undefined
          : `the client on ${node} has no connection to ${brick}`,
      ),
    ),
    ...list(bricks, ({ brick }) => {
      const counts = live.fresh('backlog', nowMs, brick)?.counts;
      if (counts === undefined) return `nobody reads the index of ${brick}`;
      if (!counts.seen) return `the index of ${brick} can't be read: ${counts.because}`;
      const left = counts.xattrop + counts.entryChanges;
      return left === 0 ? undefined : `${brick} still lists ${left} ${LEFT}`;
    }),
  ];
}

const LEFT = 'entries to heal';

/** A backlog of a brick that is there and is read, and not a node or a connection that may yet come back. */
export const isLeftToHeal = (pending: string): boolean => pending.endsWith(LEFT);

/** The service: a master and a backup with good disks, and everybody outside served. Empty = well. */
export function servicePending(spec: SiteSpec, live: Live, nowMs: number): readonly string[] {
  const beats = spec.routers.map(({ name }) => live.fresh('heartbeat', nowMs, name));
  const masters = beats.filter((beat) => beat?.role === 'MASTER').length;
  return [
    ...list(spec.routers, ({ name, writeEveryMs }) => {
      const beat = live.fresh('heartbeat', nowMs, name);
      if (beat === undefined) return `${name} gives no sign of life`;
      if (beat.disk === 'failed') return `the disk of ${name} has failed`;
      return writeEveryMs > 0 && beat.acknowledged === 0 ? `${name} has not written yet` : undefined;
    }),
    ...live.firing.map((name) => `alert ${name} still fires`),
    ...(masters === 1 ? [] : [`there are ${masters} masters among the routers`]),
    ...list(['customer', 'offsite', 'operator'] as const, (who) =>
      live.reach(who) === 'up'
        ? undefined
        : `the ${who} can't reach the site (${live.reach(who) ?? 'not clear yet'})`,
    ),
  ];
}
