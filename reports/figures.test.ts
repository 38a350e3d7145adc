import { expect, test } from 'vitest';
import type { EventBody, History, Prober, Range } from '../harness/index.ts';
import { router } from '../harness/index.ts';
import { figuresOf } from './figures.ts';
import { lostWritesOf } from './lost-writes.ts';
import { outagesOf } from './outages.ts';
import { gatedNight, incidentNight, replica3Night } from './testing/nights.ts';
import { bricksOf, snapshot } from './testing/world.ts';

const history = (...lines: readonly (readonly [seconds: number, body: EventBody])[]): History =>
  lines.map(([seconds, body], seq) => ({ seq, atMs: seconds * 1000, ...body }));
const probe = (ok: boolean, target = 'gateway', by: Prober = 'customer'): EventBody => ({
  kind: 'probe',
  by,
  target,
  ok,
  tookMs: 1,
  detail: '',
});
const disturb: EventBody = { kind: 'phase', phase: 'disturb' };
const A = router('router-a');

test('an outage lasts from the last good probe to the first good one after it', () => {
  const seen = history(
    [0, disturb],
    [1, probe(true)],
    [2, probe(false)],
    [5, probe(false)],
    [6, probe(true)],
  );
  expect(outagesOf(seen, 'customer')).toEqual([
    { by: 'customer', fromMs: 1000, toMs: 6000, unended: false, evidence: [2, 3] },
  ]);
  expect(outagesOf(seen, 'offsite')).toEqual([]);
  expect(outagesOf(seen, 'customer', 5000)).toEqual([]);
});

test('a pause without a failed probe is no outage', () => {
  expect(outagesOf(history([0, disturb], [1, probe(true)], [60, probe(true)]), 'customer')).toEqual([]);
});

test('what fails before the play begins does not count', () => {
  const seen = history([0, probe(false)], [9, disturb], [10, probe(true)], [20, probe(true)]);
  expect(outagesOf(seen, 'customer')).toEqual([]);
});

test('an outage that nobody saw end says so', () => {
  const seen = history([0, disturb], [1, probe(true)], [2, probe(false)], [9, probe(false)]);
  expect(outagesOf(seen, 'customer')).toMatchObject([{ fromMs: 1000, toMs: 9000, unended: true }]);
});

test('overlapping outages of two targets are one', () => {
  const seen = history(
    [0, disturb],
    [1, probe(true)],
    [1, probe(true, 'shop')],
    [2, probe(false)],
    [4, probe(false, 'shop')],
    [5, probe(true)],
    [8, probe(true, 'shop')],
  );
  expect(outagesOf(seen, 'customer')).toMatchObject([{ fromMs: 1000, toMs: 8000 }]);
});

test('the operator is cut off while no node answers, not while one is rebooted', () => {
  const ask = (ok: boolean, target: string): EventBody => probe(ok, target, 'operator');
  const seen = history(
    [0, disturb],
    [1, ask(true, 'pve1')],
    [1, ask(true, 'pve2')],
    [2, ask(false, 'pve1')],
    [12, ask(false, 'pve2')],
    [20, ask(true, 'pve1')],
    [25, ask(true, 'pve2')],
  );
  expect(outagesOf(seen, 'operator')).toMatchObject([{ fromMs: 1000, toMs: 20_000, unended: false }]);
  const rebooted = history(
    [0, disturb],
    [1, ask(true, 'pve1')],
    [2, ask(false, 'pve1')],
    [3, ask(true, 'pve2')],
    [9, ask(true, 'pve1')],
  );
  expect(outagesOf(rebooted, 'operator')).toEqual([]);
});

test('probes out of order by clock jitter change nothing', () => {
  const seen = history(
    [0, disturb],
    [1, probe(true)],
    [5, probe(false)],
    [2, probe(false)],
    [6, probe(true)],
  );
  expect(outagesOf(seen, 'customer')).toMatchObject([{ fromMs: 1000, toMs: 6000 }]);
});

const acknowledged = (record: number, guestMs = record): EventBody => ({
  kind: 'write-acknowledged',
  router: A,
  record,
  guestMs,
});
const observed = (ranges: readonly Range[], eio = false): EventBody => ({
  kind: 'observed',
  snapshot: snapshot({ label: 'end', bricks: bricksOf('replica-2'), disks: [{ router: A, ranges, eio }] }),
});

test('a write is lost when the disk does not hold it', () => {
  const writes = [1, 2, 3, 4, 5].map((n) => [n, acknowledged(n)] as const);
  expect(lostWritesOf(history(...writes, [9, observed([[1, 5]])]))).toBe(0);
  expect(
    lostWritesOf(
      history(...writes, [
        9,
        observed([
          [1, 2],
          [4, 4],
        ]),
      ]),
    ),
  ).toBe(2);
});

test('where no mount can read the disk, the better brick counts', () => {
  expect(
    lostWritesOf(history([1, acknowledged(1)], [2, acknowledged(2)], [9, observed([[1, 1]], true)])),
  ).toBe(1);
});

test('a record number acknowledged anew means that the earlier ones were rolled back', () => {
  const before = [1, 2, 3, 4].map((n) => [n, acknowledged(n, 100 + n)] as const);
  const after = [3, 4, 5].map((n) => [10 + n, acknowledged(n, 200 + n)] as const);
  expect(lostWritesOf(history(...before, ...after, [20, observed([[1, 5]])]))).toBe(2);
});

test('an acknowledgement that arrives late or twice is no rollback', () => {
  const seen = history(
    [1, acknowledged(1)],
    [2, acknowledged(3)],
    [3, acknowledged(2)],
    [4, acknowledged(3)],
  );
  expect(lostWritesOf([...seen, ...history([9, observed([[1, 3]])])])).toBe(0);
});

test('records that the ring has overwritten in good order are not lost', () => {
  expect(
    lostWritesOf(history([1, acknowledged(1)], [2, acknowledged(70_000)], [9, observed([[4465, 70_000]])])),
  ).toBe(0);
});

test('without acknowledgements or without a scan nothing is known', () => {
  expect(lostWritesOf(history([1, acknowledged(1)]))).toBeUndefined();
  expect(lostWritesOf(history([9, observed([[1, 3]])]))).toBeUndefined();
});

test('routers that write nothing, as planned, lose nothing', () => {
  const began = incidentNight().find((event) => event.kind === 'run-began');
  if (began === undefined) throw new Error('the night has no beginning');
  const silent = (writeEveryMs: number): History => [
    {
      ...began,
      spec: { ...began.spec, routers: began.spec.routers.map((each) => ({ ...each, writeEveryMs })) },
    },
  ];
  expect(lostWritesOf(silent(0))).toBe(0);
  expect(lostWritesOf(silent(20))).toBeUndefined();
});

test('the incident: minutes in the lab, half a day for its owner', () => {
  const figures = figuresOf(incidentNight());
  expect(figures).toEqual({
    durationSeconds: 114.9,
    firstAlertSeconds: 5.9,
    longestOutageSeconds: 29.5,
    lostWrites: 4584,
    outageSeconds: 29.5,
    outageSecondsSiteClock: 43_774.8,
    splitBrainFiles: 9,
    detection: {
      outageSiteTime: '23:50:42',
      peopleAsked: true,
      fired: { seconds: 0.7, siteTime: '23:50:42', who: 'GatewayUnreachable' },
      delivered: { seconds: 5.9, siteTime: '23:50:47', who: 'GatewayUnreachable' },
      woke: null,
      acknowledged: { seconds: 26_358, siteTime: '07:10:00 (+1 d)', who: 'operator' },
      acts: { seconds: 43_758, siteTime: '12:00:00 (+1 d)', who: 'operator' },
    },
    noReturn: {
      seconds: 28.5,
      siteTime: '23:50:28',
      toldSecondsBefore: null,
      toldBy: null,
      says:
        'pve2 was powered off while pve1 had not been healed (19 heals pending): no copy with every write was left. ' +
        'Nobody was told before it; the first page came 19.4 s too late (GatewayUnreachable)',
    },
  });
});

test('replica 3: an outage, and nothing in split-brain or lost', () => {
  expect(figuresOf(replica3Night())).toMatchObject({
    splitBrainFiles: 0,
    lostWrites: 0,
    outageSeconds: expect.toSatisfy((s) => s > 10 && s < 30),
  });
});

test('the gated night: nothing to report', () => {
  expect(figuresOf(gatedNight())).toMatchObject({
    outageSeconds: 0,
    outageSecondsSiteClock: 0,
    splitBrainFiles: 0,
    lostWrites: 0,
    firstAlertSeconds: null,
  });
});

test('what the customer did not look at is not known to be no outage', () => {
  const outage = (...lines: readonly (readonly [number, EventBody])[]) =>
    figuresOf(history(...lines)).outageSeconds;
  const observe: EventBody = { kind: 'phase', phase: 'observe' };
  const looks = [1, 4, 8, 12].map((at) => [at, probe(true)] as const);
  expect(outage([0, disturb], ...looks, [13, observe])).toBe(0);
  expect(outage([0, disturb], ...looks.slice(0, 2), [13, observe])).toBeNull();
  expect(outage([0, disturb], ...looks.slice(0, 1), ...looks.slice(3), [13, observe])).toBeNull();
  // Cut off before the play began: what failed then was the lab being set up.
  const open: EventBody = { kind: 'phase', phase: 'open' };
  expect(outage([0, open], [1, probe(false)], [4, probe(false)], [8, probe(true)])).toBeNull();
});

test('a look at the disks in the middle of an outage says nothing about what is lost in the end', () => {
  const observe: EventBody = { kind: 'phase', phase: 'observe' };
  const look = observed([[1, 1]]);
  const writes = [1, 2].map((n) => [n, acknowledged(n)] as const);
  expect(lostWritesOf(history([0, disturb], ...writes, [8, look], [9, observe]))).toBeUndefined();
  expect(lostWritesOf(history([0, disturb], ...writes, [9, observe], [10, look]))).toBe(1);
});

test('an empty history knows nothing', () => {
  expect(figuresOf([])).toEqual({
    outageSeconds: null,
    longestOutageSeconds: null,
    outageSecondsSiteClock: null,
    splitBrainFiles: null,
    lostWrites: null,
    firstAlertSeconds: null,
    detection: null,
    noReturn: null,
    durationSeconds: 0,
  });
});

test('a judged snapshot adds what heal info does not say', () => {
  const seen = history([1, observed([[1, 1]])]);
  expect(figuresOf(seen).splitBrainFiles).toBe(0);
  expect(figuresOf(seen, { splitBrainIn: () => 4 }).splitBrainFiles).toBe(4);
});
