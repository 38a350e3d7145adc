/** What keeps a site from rest, from what its watchers last said. Silence is never rest. */
import { bricksOf } from '../model/site.ts';
import type { SiteSpec } from '../model/site.ts';
import type { Live } from './live.ts';

const list = <T>(items: readonly T[], say: (item: T) => string | undefined): readonly string[] =>
  items.map(say).filter((text) => text !== undefined);

/** A node looks every second whether its brick is found, and acts up to three times, each two seconds after the last: the third ends the brick. */
const MENDING_MS = 6000;

/** `heals`: a backlog of a brick that is there and is read; all else is a node or a connection that may yet come back. */
export interface Pending {
  readonly text: string;
  readonly heals: boolean;
}

/** The volume: every client connected to every brick, nothing left to heal, no brick about to be mended. Empty = at rest. */
export const volumePending = (spec: SiteSpec, live: Live, nowMs: number): readonly string[] =>
  pendingIn(spec, live, nowMs).map(({ text }) => text);

export function pendingIn(spec: SiteSpec, live: Live, nowMs: number): readonly Pending[] {
  const bricks = bricksOf(spec);
  const missing = [
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
  ];
  return [
    ...missing.map((text) => ({ text, heals: false })),
    ...bricks.flatMap(({ brick }): readonly Pending[] => {
      const counts = live.fresh('backlog', nowMs, brick)?.counts;
      if (counts === undefined) return [{ text: `nobody reads the index of ${brick}`, heals: false }];
      if (!counts.seen)
        return [{ text: `the index of ${brick} can't be read: ${counts.because}`, heals: false }];
      const left = counts.xattrop + counts.entryChanges;
      return left === 0 ? [] : [{ text: `${brick} still lists ${left} entries to heal`, heals: true }];
    }),
  ];
}

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
