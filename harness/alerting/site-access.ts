/** The access graph of a site like the incident's, and what is wrong with it before anything breaks. */
import { bricksOf } from '../model/site.ts';
import type { SiteSpec, VolumeSpec } from '../model/site.ts';
import { nodeOfBrick } from '../model/names.ts';
import { accessGraph, standingAfter, stands, whyGone } from './access-graph.ts';
import type { AccessGraph, Needs, Thing } from './access-graph.ts';

/** What the spec of a lab does not say. */
export interface Around {
  /** Where the routers' backups lie: `volume` is the same volume their disks are on. */
  readonly backups: 'volume' | 'apart';
  /** A poller outside the site that can page by itself. */
  readonly offsitePoller: boolean;
  /** Monitoring inside the site; what it sends leaves through the routers. */
  readonly insideMonitoring: boolean;
}

/** The site of the incident, and that of every lab: backups on a disk of their own, a poller outside, and monitoring inside. */
export const INCIDENT_AROUND: Around = { backups: 'apart', offsitePoller: true, insideMonitoring: true };

/** The operator's ways in, one by one. */
export const WAY = { routers: 'way in through a router', oob: 'way in around them' } as const;

/** What is asked of the graph. */
export const GOAL = {
  gateway: 'gateway',
  page: "customer's page",
  wayIn: 'way in from afar',
  told: 'somebody is told',
  restore: 'restore from afar',
} as const;

export const diskOf = (router: string): string => `disk of ${router}`;
const brickOn = (node: string): string => `brick on ${node}`;

const solid = (name: string, needs?: Needs): Thing => ({
  name,
  breaks: true,
  ...(needs === undefined ? {} : { needs }),
});
const only = (name: string, needs: Needs): Thing => ({ name, breaks: false, needs });

/**
 * Bricks that a client needs. Client quorum is auto for three bricks (two of them); a replica 2 has none by default, and
 * with `virt` (quorum-type auto) exactly half counts only with the first brick (afr-common.c `afr_has_quorum`).
 */
function quorum({ layout, options }: VolumeSpec, bricks: readonly string[]): Needs {
  if (layout !== 'replica-2') return { atLeast: 2, of: bricks };
  return options === 'virt' ? (bricks[0] as string) : { any: bricks };
}

export function siteAccess(spec: SiteSpec, around: Around): AccessGraph {
  const bricks = bricksOf(spec).map(({ brick }) => nodeOfBrick(brick));
  const told = [
    ...(around.offsitePoller ? ['offsite poller'] : []),
    ...(around.insideMonitoring ? ['mail from inside'] : []),
  ];
  const anyNode: Needs = { any: spec.nodes };
  return accessGraph([
    ...spec.nodes.map((node) => solid(node)),
    solid('storage network'),
    solid('lan'),
    solid('wan'),
    ...bricks.map((node) => solid(brickOn(node), node)),
    only('volume', { all: ['storage network', quorum(spec.volume, bricks.map(brickOn))] }),
    ...spec.routers.flatMap(({ name }) => [
      solid(diskOf(name), 'volume'),
      solid(name, { all: [diskOf(name), anyNode] }),
    ]),
    only(GOAL.gateway, { all: ['lan', 'wan', { any: spec.routers.map(({ name }) => name) }] }),
    solid('storage web service', { all: ['lan', 'volume'] }),
    only(GOAL.page, { all: [GOAL.gateway, 'storage web service'] }),
    only(WAY.routers, { all: [GOAL.gateway, anyNode] }),
    ...(spec.oob ? [solid('backup connection'), only(WAY.oob, { all: ['backup connection', anyNode] })] : []),
    only(GOAL.wayIn, { any: [WAY.routers, ...(spec.oob ? [WAY.oob] : [])] }),
    ...(around.offsitePoller ? [solid('offsite poller')] : []),
    ...(around.insideMonitoring
      ? [solid('monitoring inside'), only('mail from inside', { all: ['monitoring inside', GOAL.gateway] })]
      : []),
    only(GOAL.told, { any: told }),
    solid('backups', ...(around.backups === 'volume' ? (['volume'] as const) : [])),
    only(GOAL.restore, { all: [GOAL.wayIn, 'backups', 'volume'] }),
  ]);
}

/** One state of a site in which something is broken. */
export interface FaultState {
  readonly name: string;
  readonly broken: readonly string[];
}

/** Each thing broken alone, then what breaks together: both router disks (the incident), both routers, two nodes at a time. */
export function faultStates(graph: AccessGraph, spec: SiteSpec): readonly FaultState[] {
  const routers = spec.routers.map(({ name }) => name);
  return [
    ...[...graph.values()].filter(({ breaks }) => breaks).map(({ name }) => ({ name, broken: [name] })),
    { name: 'every router disk in split-brain', broken: routers.map(diskOf) },
    { name: 'every router down', broken: routers },
    ...spec.nodes.flatMap((first, index) =>
      spec.nodes
        .slice(index + 1)
        .map((second) => ({ name: `${first} and ${second} down`, broken: [first, second] })),
    ),
  ];
}

export interface AccessFinding {
  readonly state: string;
  readonly what: string;
  /** The chain from what is gone to what broke. */
  readonly because: string;
}

/** What people will find missing in each state in which customers are cut off. Empty = every outage leaves a way to end it. */
export function accessFindings(graph: AccessGraph, states: readonly FaultState[]): readonly AccessFinding[] {
  return states.flatMap(({ name, broken }) => {
    const after = standingAfter(graph, new Set(broken));
    if (stands(after, GOAL.page)) return [];
    const says: readonly (readonly [string, string])[] = [
      [GOAL.told, 'nobody is told'],
      [GOAL.wayIn, 'no way in for the operator: somebody must travel'],
      // Without a way in that is the reason; the backups are a finding of their own only beside one.
      ...(stands(after, GOAL.wayIn) && stands(after, 'volume')
        ? [[GOAL.restore, 'the backups are gone with what they should restore'] as const]
        : []),
    ];
    return says
      .filter(([goal]) => !stands(after, goal))
      .map(([goal, what]) => ({ state: name, what, because: whyGone(after, goal) }));
  });
}

/** A need as an arrow. `all`: can't do without; `some`: one of several. */
export interface AccessEdge {
  readonly from: string;
  readonly to: string;
  readonly how: 'all' | 'some';
}

export const accessEdges = (graph: AccessGraph): readonly AccessEdge[] =>
  [...graph.values()].flatMap(({ name, needs }) =>
    edges(needs, 'all').map(([to, how]) => ({ from: name, to, how })),
  );

/** The graph as Mermaid text, which readers and forges draw; broken and lost things stand out when a state is given. */
export function drawAccess(graph: AccessGraph, broken: readonly string[] = []): string {
  const after = standingAfter(graph, new Set(broken));
  const ids = new Map([...graph.keys()].map((name, index) => [name, `t${index}`]));
  const things = [...graph.keys()].map((name) => {
    const state = after.get(name);
    const style = state === undefined || state.up ? '' : state.broken ? ':::broken' : ':::lost';
    return `  ${ids.get(name)}["${name}"]${style}`;
  });
  const arrows = accessEdges(graph).map(
    ({ from, to, how }) => `  ${ids.get(from)} ${how === 'all' ? '-->' : '-.->'} ${ids.get(to)}`,
  );
  return [
    'flowchart LR',
    ...things,
    ...arrows,
    '  classDef broken fill:#d55e00,color:#fff',
    '  classDef lost fill:#e69f00',
    '',
  ].join('\n');
}

/** A solid arrow: can't do without; a dotted one: one of several. */
function edges(
  needs: Needs | undefined,
  how: AccessEdge['how'],
): readonly (readonly [string, AccessEdge['how']])[] {
  if (needs === undefined) return [];
  if (typeof needs === 'string') return [[needs, how]];
  if ('all' in needs) return needs.all.flatMap((part) => edges(part, how));
  const parts = 'any' in needs ? needs.any : needs.of;
  return parts.flatMap((part) => edges(part, parts.length === 1 ? how : 'some'));
}
