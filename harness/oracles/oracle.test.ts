import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EventBody, History } from '../model/event.ts';
import { brick, node, router } from '../model/names.ts';
import type { RouterName } from '../model/names.ts';
import { adding, changing, historyOf, is } from '../testing/drafts.ts';
import type { Draft, Drafts } from '../testing/drafts.ts';
import { healthyNight } from '../testing/night.ts';
import { withRecords } from '../testing/snapshots.ts';
import { everyOracle } from './index.ts';
import type { Oracle } from './oracle.ts';

const NIGHT = healthyNight();
const ORACLES = everyOracle();
const called = (name: string): Oracle => {
  const oracle = ORACLES.find((each) => each.name === name);
  if (oracle === undefined) throw new Error(`no oracle ${name}`);
  return oracle;
};

const acknowledged = NIGHT.filter(is('write-acknowledged')).filter(({ atMs }) => atMs > 500);

test('property: a record that no copy has is always missed, whichever it is', () => {
  const { check } = called('no-lost-write');
  fc.assert(
    fc.property(fc.constantFrom(...acknowledged), ({ body }) => {
      const hurt = changing(NIGHT, 'observed', (look) => {
        if (look.snapshot.label !== 'end') return undefined;
        const places = [...look.snapshot.disks].map(({ via }) => ('brick' in via ? via.brick : via.mount));
        const ranges = [[1, body.record - 1] as const, [body.record + 1, 500] as const];
        return {
          ...look,
          snapshot: places.reduce(
            (less, where) => withRecords(less, body.router, where, ranges),
            look.snapshot,
          ),
        };
      });
      const verdict = check(historyOf(hurt));
      expect(verdict.kind).toBe('broken');
      expect(verdict.because).toContain(body.router);
    }),
    { numRuns: 60 },
  );
});

/** Events of one stream keep their order; streams come in as they like, up to `lateMs` later than they happened. */
const STREAMS: readonly ((draft: Draft) => string | undefined)[] = [
  ({ body }) => (body.kind === 'probe' ? `probe ${body.by} ${body.target}` : undefined),
  ({ body }) => (body.kind === 'backlog' ? `backlog ${body.brick}` : undefined),
  ({ body }) =>
    body.kind === 'heartbeat' || body.kind === 'write-acknowledged' ? `serial ${body.router}` : undefined,
  ({ body }) => (body.kind === 'brick' ? `client ${body.seenBy}` : undefined),
];
const streamOf = (draft: Draft): string | undefined =>
  STREAMS.map((each) => each(draft)).find((name) => name !== undefined);

const delayed = (drafts: Drafts, delays: ReadonlyMap<string, number>): History =>
  historyOf(
    drafts.map((draft) => {
      const late = delays.get(streamOf(draft) ?? '') ?? 0;
      return draft.atMs < 2000 ? draft : { ...draft, arrivedMs: draft.arrivedMs + late };
    }),
  );

const streams = [...new Set(NIGHT.map(streamOf).filter((name) => name !== undefined))];

/** Two routers without disks for ten seconds, the customer cut off, a heal pending at a reboot. */
const BAD_NIGHT: Drafts = changing(
  NIGHT.filter(({ atMs, body }) => body.kind !== 'write-acknowledged' || atMs < 17_000 || atMs > 27_000),
  'heartbeat',
  (body, { atMs }) => (atMs >= 17_000 && atMs <= 27_000 ? { ...body, disk: 'failed' } : undefined),
).map((draft) =>
  draft.body.kind === 'probe' && draft.body.by !== 'operator' && draft.atMs > 17_000 && draft.atMs < 29_000
    ? { ...draft, arrivedMs: draft.atMs + 1000, body: { ...draft.body, ok: false } }
    : draft,
);

const story = (history: History) =>
  ORACLES.map(({ name, check }) => {
    const verdict = check(history);
    return { name, kind: verdict.kind, because: verdict.because };
  });

test.each([
  ['a good night', NIGHT],
  ['a bad night', BAD_NIGHT],
])('property: how late independent streams come in changes nothing (%s)', (_, night) => {
  const onTime = story(historyOf(night));
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 20, maxLength: 20 }), (late) => {
      const delays = new Map(streams.map((name, i) => [name, late[i % late.length] ?? 0] as const));
      expect(story(delayed(night, delays))).toEqual(onTime);
    }),
    { numRuns: 25 },
  );
});

test('the bad night is a bad one', () => {
  const broken = story(historyOf(BAD_NIGHT)).filter(({ kind }) => kind === 'broken');
  // Its routers beat all the time and serve nobody, which no graph of who needs whom foretells.
  expect(broken.map(({ name }) => name)).toEqual([
    'gateway-available',
    'router-disk-readable',
    'access-as-predicted',
  ]);
});

const LIMIT_MS = 5000;

/** In processor time: by the clock a busy machine would measure the others. */
function timed(check: Oracle['check'], history: History): { readonly kind: string; readonly tookMs: number } {
  const before = process.cpuUsage();
  const { kind } = check(history);
  const { user, system } = process.cpuUsage(before);
  return { kind, tookMs: (user + system) / 1000 };
}

test(
  'a million events are judged in less than 5 s of processor time by each oracle',
  { timeout: 120_000 },
  () => {
    const history = historyOf(healthyNight({ idleMs: 23_500_000 }));
    expect(history.length).toBeGreaterThan(1_000_000);
    for (const { name, check } of ORACLES) {
      const { kind, tookMs } = timed(check, history);
      expect({ name, kind }).toEqual({ name, kind: 'holds' });
      expect({ name, inTime: tookMs < LIMIT_MS, tookMs }).toMatchObject({ inTime: true });
    }
  },
);

const pve = [node('pve1'), node('pve2'), node('pve3')] as const;
const at = <T>(list: readonly [T, ...T[]], i: number): T => list[i % list.length] ?? list[0];
const routers: readonly [RouterName, RouterName] = [router('router-a'), router('router-b')];

/** Streams made to hurt: each entry is what event number i of it is. */
const HOSTILE: Readonly<Record<string, (i: number) => EventBody>> = {
  'routers that roll back again and again': (i) => ({
    kind: 'write-acknowledged',
    router: at(routers, i),
    record: 1 + ((i >> 1) % 1000),
    guestMs: i,
  }),
  'only every second record': (i) => ({
    kind: 'write-acknowledged',
    router: at(routers, 0),
    record: i * 2 + 1,
    guestMs: i,
  }),
  'records that come backwards': (i) => ({
    kind: 'write-acknowledged',
    router: at(routers, 0),
    record: 100_000 - i,
    guestMs: -i,
  }),
  'connections that flap': (i) => ({
    kind: 'brick',
    brick: brick(`pve${1 + (i % 3)}:/bricks/vmstore/brick`),
    seenBy: at(pve, i >> 2),
    connected: i % 2 === 0,
  }),
  'nodes that flap': (i) => ({ kind: 'node', node: at(pve, i >> 1), state: i % 2 === 0 ? 'down' : 'up' }),
  'probes that fail now and then': (i) => ({
    kind: 'probe',
    by: 'customer',
    target: 'storehouse',
    ok: i % 7 > 3,
    tookMs: 1,
    detail: '',
  }),
  'reboots that never end': (i) => ({
    kind: 'step-began',
    step: 'reboot',
    node: at(pve, i),
    command: 'reboot',
  }),
  'gates that talk while nodes flap': (i) =>
    i % 3 === 0
      ? { kind: 'gate', gate: 'safe', node: at(pve, i >> 2), decision: { kind: 'open' } }
      : { kind: 'node', node: at(pve, i >> 2), state: i % 3 === 1 ? 'down' : 'up', bootId: `boot-${i}` },
  'faults without end': (i) => ({ kind: 'fault-began', fault: 'flip', target: `pve${1 + (i % 3)}` }),
};

test.each(Object.keys(HOSTILE))(
  '300,000 events made to hurt are no slower: %s',
  { timeout: 60_000 },
  (hostile) => {
    const make = HOSTILE[hostile];
    if (make === undefined) throw new Error(`no hostile stream "${hostile}"`);
    const more = Array.from({ length: 100_000 }, (_, i) => [3000 + i / 3, make(i)] as const);
    const history = historyOf(adding(NIGHT, more));
    for (const { name, check } of ORACLES) {
      const { tookMs } = timed(check, history);
      expect({ name, inTime: tookMs < LIMIT_MS, tookMs }).toMatchObject({ inTime: true });
    }
  },
);
