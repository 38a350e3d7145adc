/** What all made-up nights have in common: a start, two routers that write, people who look, an end. For tests only. */
import type { BrickId, EventBody, History, Range, RouterName } from '../../harness/index.ts';
import { opening, phases } from './play.ts';
import { Script } from './script.ts';
import type { Spans } from './world.ts';
import { backlog, bricksOf, heartbeats, NODES, probes, ROUTERS, snapshot, writes } from './world.ts';

/** Begin of `disturb`, seconds after the run's. */
export const START = 24;
const FIRST_RECORD = 301;

/** From 0 to `top` between two moments, level before and after. */
export const rise = (t: number, from: number, to: number, top: number): number =>
  top * Math.min(1, Math.max(0, (t - from) / (to - from)));

export interface Night {
  readonly script: Script;
  readonly bricks: readonly BrickId[];
}

export function nightOf(scenario: string, layout: 'replica-2' | 'replica-3'): Night {
  const script = new Script();
  opening(script, scenario, layout);
  for (const [i, router] of ROUTERS.entries()) {
    script.at(15, { kind: 'backup', router, file: '/mnt/backup/dump', holds: [[1, FIRST_RECORD - 1]] });
    script.at(20, { kind: 'vm', router, node: NODES[i] ?? NODES[0], state: 'running', detail: '' });
  }
  return { script, bricks: bricksOf(layout) };
}

/** The backlog of a brick from `START` to `end`; it can't be read while it is away. */
export function indexOf(
  { script, bricks }: Night,
  brick: number,
  end: number,
  away: readonly [number, number] | undefined,
  curve: (t: number) => number,
): void {
  const id = bricks[brick];
  if (id === undefined) throw new Error(`this night has no brick ${brick}`);
  const unseen = (t: number): boolean => away !== undefined && t > away[0] && t < away[1];
  backlog(script, id, [START, end], (t) => (unseen(t) ? Number.NaN : curve(t)));
}

export function allLook(script: Script, end: number, bad: Spans): void {
  for (const [by, every] of [
    ['customer', 0.5],
    ['offsite', 1],
    ['operator', 1],
  ] as const) {
    probes(script, by, [START - 2, end], every, bad);
  }
}

/** A router's VM ends and can't be started again: its disk can't be opened. */
export function routerDies(
  script: Script,
  router: RouterName,
  dies: { at: number; on: number; errno: string; tries: readonly number[] },
): void {
  const node = NODES[dies.on] ?? NODES[0];
  const vm = (seconds: number, state: 'exited' | 'start-failed', detail: string): unknown =>
    script.at(dies.at + seconds, { kind: 'vm', router, node, state, detail });
  for (const n of [0, 1, 2]) {
    const failed: EventBody = {
      kind: 'write-failed',
      router,
      record: 9000 + n,
      errno: dies.errno,
      what: 'fdatasync',
    };
    script.at(dies.at + n * 0.04, failed);
  }
  script.at(dies.at + 0.2, {
    kind: 'guest',
    router,
    says: 'panic',
    text: 'EXT4-fs (vda): panic forced after error',
  });
  vm(0.4, 'exited', 'guest panicked');
  for (const again of dies.tries) vm(again, 'start-failed', `could not open the image: ${dies.errno}`);
}

/** Writes of one router without a rollback; answers what its disk holds in the end. */
export function writer(script: Script, router: RouterName, spans: Spans): readonly Range[] {
  return [[1, writes(script, { router, spans, perSecond: 50, firstRecord: FIRST_RECORD })]];
}

export function page(
  script: Script,
  name: string,
  times: { active: number; fires: number; ends: number },
): void {
  const activeAtMs = Math.round(times.active * 1000);
  const alert = { kind: 'alert', name, receiver: 'phone', activeAtMs, labels: { target: name } } as const;
  script.at(times.fires, { ...alert, state: 'firing' });
  script.at(times.ends, { ...alert, state: 'resolved' });
}

/** Settles at once, looks, closes. */
export function ending(
  { script, bricks }: Night,
  settle: number,
  disks: readonly (readonly Range[])[],
  until?: number,
): History {
  script.at(settle + 1, { kind: 'settled', ok: true, pending: [], tookMs: 1000 });
  const held = ROUTERS.map((router, i) => ({ router, ranges: disks[i] ?? [] }));
  script.at(settle + 3, { kind: 'observed', snapshot: snapshot({ label: 'final', bricks, disks: held }) });
  const over = { observe: settle + 1, close: settle + 4, over: settle + 8 };
  phases(script, { open: 0.1, confirm: 21, disturb: START, settle, ...over });
  return script.history(until);
}

/** Heartbeats of both routers up to the final look; `dead` is when they are silent. */
export function beats(script: Script, settle: number, dead?: readonly [number, number]): void {
  const [from, to] = dead ?? [settle + 1, settle + 1];
  const spans: Spans = [
    [20, from],
    [to, settle + 1],
  ];
  const [A, B] = ROUTERS;
  heartbeats(script, A, spans, (t) => (t >= to && t < to + 2 ? 'INIT' : 'MASTER'));
  heartbeats(script, B, spans, () => 'BACKUP');
}
