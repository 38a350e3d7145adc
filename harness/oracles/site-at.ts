/** What was known of the site at each moment: nodes, connections, backlog, looks at the bricks, words of gates. */
import type { EventOf, History } from '../model/event.ts';
import { nodeOfBrick } from '../model/names.ts';
import type { BrickId, NodeName } from '../model/names.ts';
import { bricksOf } from '../model/site.ts';
import { backlogs } from './backlog.ts';
import type { Counts } from './backlog.ts';
import { blamesOf, viewOf } from './copies.ts';
import type { Frame } from './frame.ts';
import { nodeStates, UP } from './reboots.ts';
import type { Reboot } from './reboots.ts';
import { Samples } from './samples.ts';

interface Connection {
  readonly brick: BrickId;
  readonly seenBy: NodeName;
  readonly states: Samples;
}

export interface Site {
  readonly frame: Frame;
  readonly bricks: readonly BrickId[];
  readonly nodes: ReadonlyMap<NodeName, Samples>;
  /** State 1: connected. */
  readonly connections: readonly Connection[];
  readonly backlogs: ReadonlyMap<BrickId, Counts>;
  readonly acknowledged: Samples;
  readonly looks: Indexed<EventOf<'observed'>>;
  /** By node; in order of `seq`, for what was said before a step began. */
  readonly gates: ReadonlyMap<NodeName, Indexed<EventOf<'gate'>>>;
  readonly looked: Map<EventOf<'observed'>, Looked>;
}

interface Indexed<T> {
  readonly items: T[];
  /** State: index of the item. */
  readonly order: Samples;
}

const indexed = <T>(): Indexed<T> => ({ items: [], order: new Samples() });
const add = <T>({ items, order }: Indexed<T>, at: number, item: T): void =>
  order.push(at, items.push(item) - 1, 0);
const lastOf = <T>(found: Indexed<T> | undefined, at: number): T | undefined =>
  found?.items[found.order.before(at)?.state ?? -1];

interface Looked {
  readonly seq: number;
  /** -Infinity when a brick was not seen. */
  readonly firstMs: number;
  readonly sole: readonly SoleCopy[];
}

interface SoleCopy {
  readonly file: string;
  readonly on: NodeName;
}

/** One pass over the history. */
export function siteOf(history: History, frame: Frame): Site {
  const connections = new Map<string, Connection>();
  const acknowledged = new Samples();
  const looks = indexed<EventOf<'observed'>>();
  const gates = new Map<NodeName, Indexed<EventOf<'gate'>>>();
  for (const event of history) {
    if (event.kind === 'write-acknowledged') acknowledged.push(event.atMs, 0, event.seq);
    else if (event.kind === 'observed') add(looks, event.atMs, event);
    else if (event.kind === 'gate') {
      let said = gates.get(event.node);
      if (said === undefined) gates.set(event.node, (said = indexed()));
      add(said, event.seq, event);
    } else if (event.kind === 'brick') {
      const { brick, seenBy } = event;
      const key = `${seenBy} ${brick}`;
      let connection = connections.get(key);
      if (connection === undefined)
        connections.set(key, (connection = { brick, seenBy, states: new Samples() }));
      connection.states.push(event.atMs, event.connected ? 1 : 0, event.seq);
    }
  }
  return {
    frame,
    bricks: frame.spec === undefined ? [] : bricksOf(frame.spec).map(({ brick }) => brick),
    nodes: nodeStates(history),
    connections: [...connections.values()],
    backlogs: backlogs(history),
    acknowledged,
    looks,
    gates,
    looked: new Map(),
  };
}

export const holdsBrick = ({ bricks }: Site, node: NodeName): boolean =>
  bricks.some((brick) => nodeOfBrick(brick) === node);

export const isUp = ({ nodes }: Site, node: NodeName, atMs: number): boolean =>
  (nodes.get(node)?.before(atMs)?.state ?? UP) === UP;

/** When a brick of another node last came back, as its node or a client saw it. Counts from before prove nothing. */
export function lastReturn(site: Site, { node, atMs }: Reboot): number {
  let last = -Infinity;
  for (const [name, states] of site.nodes) {
    const state = states.before(atMs);
    if (name !== node && state?.state === UP && holdsBrick(site, name)) last = Math.max(last, state.atMs);
  }
  for (const { brick, seenBy, states } of site.connections) {
    const state = states.before(atMs);
    if (nodeOfBrick(brick) !== node && seenBy !== node && state?.state === 1)
      last = Math.max(last, state.atMs);
  }
  return last;
}

export const whatGateSaid = ({ gates }: Site, { node, seq }: Reboot): EventOf<'gate'> | undefined =>
  lastOf(gates.get(node), seq);

/** The last look at the bricks before a moment, judged once however often it is asked for. */
export function lastLook(site: Site, atMs: number): Looked | undefined {
  const look = lastOf(site.looks, atMs);
  if (look === undefined) return undefined;
  let looked = site.looked.get(look);
  if (looked === undefined) site.looked.set(look, (looked = lookAt(look, site.frame)));
  return looked;
}

function lookAt(look: EventOf<'observed'>, frame: Frame): Looked {
  const view = viewOf(look, frame);
  if (view.unseen.length > 0 || view.bricks.length === 0)
    return { seq: look.seq, firstMs: -Infinity, sole: [] };
  const sole = view.files.flatMap((copies) =>
    blamesOf(view, copies, frame.spec?.volume).flatMap(({ word, sources }): SoleCopy[] => {
      const good = view.bricks.filter(
        ({ arbiter }, i) => sources[i] === true && !(arbiter && word === 'data'),
      );
      const [only] = good;
      return good.length === 1 && only !== undefined
        ? [{ file: copies.name, on: nodeOfBrick(only.brick) }]
        : [];
    }),
  );
  return { seq: look.seq, firstMs: view.firstMs, sole };
}
