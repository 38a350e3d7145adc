import { expect, test } from 'vitest';
import type { EventBody, History } from '../model/event.ts';
import { brick, node } from '../model/names.ts';
import { siteForTests } from '../testing/index.ts';
import type { Layout } from '../model/site.ts';
import { noReturnOf, saidOf } from './no-return.ts';

type Line = readonly [seconds: number, body: EventBody];

const of = (name: string) => brick(`${name}:/bricks/vmstore/brick`);
const down = (at: number, name: string): Line => [at, { kind: 'node', node: node(name), state: 'down' }];
const link = (at: number, name: string, connected: boolean): Line => [
  at,
  { kind: 'brick', brick: of(name), seenBy: node('pve9'), connected },
];
const index = (at: number, name: string, xattrop: number, dirty = 0): Line => [
  at,
  { kind: 'backlog', brick: of(name), counts: { seen: true, xattrop, dirty, entryChanges: 0 } },
];
const alert = (at: number, name: string, state: 'firing' | 'resolved', severity = 'page'): Line => [
  at,
  { kind: 'alert', name, state, receiver: 'pager', activeAtMs: at * 1000, labels: { severity } },
];
const phase = (at: number, name: 'disturb' | 'settle' | 'observe' | 'close'): Line => [
  at,
  { kind: 'phase', phase: name },
];

/** Customers are served every half second, but for an outage from `cut` on. */
function history(layout: Layout, cut: number, lines: readonly Line[]): History {
  const spec = siteForTests({ layout });
  const probes = Array.from({ length: 160 }, (_, i): Line => {
    const at = 10 + i / 2;
    return [
      at,
      { kind: 'probe', by: 'customer', target: 'page', ok: at < cut || at > cut + 20, tookMs: 1, detail: '' },
    ];
  });
  const began: Line = [
    0,
    { kind: 'run-began', run: 'r', scenario: 's', spec, epochMs: 0, versions: {}, modelled: [] },
  ];
  return [
    began,
    phase(10, 'disturb'),
    ...[...probes, ...lines].toSorted((a, b) => a[0] - b[0]),
    phase(88, 'settle'),
    phase(89, 'observe'),
    phase(90, 'close'),
  ].map(([at, body], seq) => ({ seq, atMs: at * 1000, ...body }));
}

const first: readonly Line[] = [
  link(11, 'pve1', true),
  link(11, 'pve2', true),
  down(15, 'pve1'),
  link(16, 'pve1', false),
  link(28, 'pve1', true),
];
const pending = [30, 31, 32, 33].flatMap((at) => [index(at, 'pve1', 0), index(at, 'pve2', 9)]);
const healed = [30, 31, 32, 33].flatMap((at) => [index(at, 'pve1', 0, 4), index(at, 'pve2', 0, 4)]);
const second: readonly Line[] = [down(34, 'pve2'), link(35, 'pve2', false), link(46, 'pve2', true)];

test('two copies: the power-off of the second node while the first one is not healed', () => {
  const found = noReturnOf(history('replica-2', 47, [...first, ...pending, ...second]));
  expect(found).toMatchObject({
    atMs: 34_000,
    because:
      'pve2 was powered off while pve1 had not been healed (9 heals pending): no copy with every write was left',
    lost: { what: 'customers were cut off', atMs: 47_000 },
    before: [],
    after: undefined,
  });
});

test('a client that boots and does not see the others yet has lost none of them', () => {
  const own: readonly Line[] = [false, true].map((connected, i) => [
    29 + i / 10,
    { kind: 'brick', brick: of('pve2'), seenBy: node('pve1'), connected },
  ]);
  expect(noReturnOf(history('replica-2', 47, [...first, ...own, ...pending, ...second]))?.atMs).toBe(34_000);
});

test('none where it was healed first, and none where nothing was lost', () => {
  expect(noReturnOf(history('replica-2', 47, [...first, ...healed, ...second]))).toBeUndefined();
  expect(noReturnOf(history('replica-2', 999, [...first, ...pending, ...second]))).toBeUndefined();
});

test('an empty index while only the others are dirty is no heal', () => {
  const hidden = [30, 31, 32, 33].flatMap((at) => [index(at, 'pve1', 0, 0), index(at, 'pve2', 0, 4)]);
  expect(noReturnOf(history('replica-2', 47, [...first, ...hidden, ...second]))?.atMs).toBe(34_000);
});

test('three copies: not the second node, but the third, which held the only good copy', () => {
  const stale = [30, 31, 32, 33, 50, 51].flatMap((at) => [
    index(at, 'pve1', 0),
    index(at, 'pve2', 5),
    index(at, 'pve3', 9),
  ]);
  const found = noReturnOf(history('replica-3', 54, [...first, ...stale, ...second, down(53, 'pve3')]));
  expect(found).toMatchObject({
    atMs: 53_000,
    because:
      'pve3 was powered off while pve1 and pve2 had not been healed (9 heals pending): no copy with every write was left',
  });
});

test('who was told before it, and still had a reason to', () => {
  const lines = [
    ...first,
    ...pending,
    ...second,
    alert(17, 'BrickDown', 'firing'),
    alert(29, 'BrickDown', 'resolved'),
    alert(20, 'Watchdog', 'firing', 'heartbeat'),
    alert(31, 'HealBacklogNotDraining', 'firing', 'notify'),
    alert(52, 'GatewayUnreachable', 'firing'),
  ];
  const found = noReturnOf(history('replica-2', 47, lines));
  expect(found?.before).toMatchObject([
    { alert: 'HealBacklogNotDraining', pages: false, receiver: 'pager', secondsBefore: 3 },
  ]);
  expect(found?.after).toMatchObject({ alert: 'GatewayUnreachable', secondsBefore: -18 });
  expect(found && saidOf(found)).toContain('HealBacklogNotDraining had reached pager 3.0 s before it');
});

test('it says that nobody was told', () => {
  const late = [...first, ...pending, ...second, alert(52, 'GatewayUnreachable', 'firing')];
  const found = noReturnOf(history('replica-2', 47, late));
  expect(found && saidOf(found)).toMatch(
    /Nobody was told before it; the first page came 18\.0 s too late \(GatewayUnreachable\)$/,
  );
});

test('a history that says nothing of its site has none', () => {
  expect(noReturnOf([])).toBeUndefined();
});
