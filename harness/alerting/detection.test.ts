import { expect, it } from 'vitest';
import type { Event, EventBody, EventOf } from '../model/event.ts';
import { node } from '../model/names.ts';
import { detect, faultsIn, pages } from './detection.ts';

const history = (...events: readonly (readonly [atMs: number, body: EventBody])[]): Event[] =>
  events.map(([atMs, body], seq) => ({ seq, atMs, ...body }));

interface More {
  readonly state?: 'firing' | 'resolved';
  readonly labels?: Readonly<Record<string, string>>;
  readonly by?: 'inside' | 'offsite';
  readonly channel?: string;
}

const alert = (name: string, activeAtMs: number, severity = 'page', more: More = {}): EventBody => ({
  kind: 'alert',
  name,
  state: 'firing',
  receiver: 'pager',
  activeAtMs,
  labels: { severity },
  ...more,
});

const HISTORY = history(
  [1000, alert('GatewayUnreachable', 900)],
  [10_000, { kind: 'fault-began', fault: 'kill-brick', target: 'pve1' }],
  [13_500, alert('BrickDown', 13_000, 'ticket')],
  [14_500, alert('BrickDown', 13_000, 'ticket')],
  [20_000, { kind: 'fault-ended', of: 1 }],
  [21_500, alert('HealBacklogNotDraining', 21_000)],
  [21_600, alert('HealBacklogNotDraining', 21_000, 'page', { state: 'resolved' })],
  [22_000, alert('FiredBeforeTheRecorder', 21_500, 'page', { state: 'resolved' })],
  [30_000, { kind: 'fault-began', fault: 'cut', target: 'oob' }],
  [90_000, alert('Noise', 89_000)],
);
const options = { graceMs: 2000, fromMs: 5000 };

it('faults are troubles until they end', () => {
  expect(faultsIn(HISTORY)).toEqual([
    { what: 'kill-brick pve1', fromMs: 10_000, toMs: 20_000 },
    { what: 'cut oob', fromMs: 30_000, toMs: undefined },
  ]);
});

it('an alert counts once, from the trouble to the firing and to the pager, a short while after the end too', () => {
  const [row] = detect(HISTORY, faultsIn(HISTORY), options).rows;
  expect(row?.noticed).toEqual([
    { alert: 'BrickDown', pages: false, firedAfterMs: 3000, deliveredAfterMs: 3500, evidence: 2 },
    {
      alert: 'HealBacklogNotDraining',
      pages: true,
      firedAfterMs: 11_000,
      deliveredAfterMs: 11_500,
      evidence: 5,
    },
  ]);
});

it('what nobody noticed has an empty row; what fired for nothing is a false alarm', () => {
  const ended = faultsIn(HISTORY).map((trouble) => ({ ...trouble, toMs: trouble.toMs ?? 40_000 }));
  const { rows, falseAlarms } = detect(HISTORY, ended, options);
  expect(rows[1]?.noticed).toEqual([]);
  expect(falseAlarms).toEqual([{ alert: 'Noise', pages: true, atMs: 89_000, delivered: true, evidence: 9 }]);
});

it('while a site heals after a trouble an alert is neither a false alarm nor proof that it was noticed', () => {
  const ruled = (kind: 'open' | 'held'): EventBody => ({
    kind: 'ruled',
    gate: 'healed',
    node: node('pve2'),
    rulings: [{ code: 'D1', kind, because: [], waived: false }],
  });
  const healing = history(
    [10_000, { kind: 'fault-began', fault: 'kill-brick', target: 'pve1' }],
    [20_000, { kind: 'fault-ended', of: 0 }],
    [25_000, ruled('held')],
    [28_500, alert('CustomerPageDown', 28_000)],
    [40_000, ruled('open')],
    [45_500, alert('CustomerPageDown', 45_000)],
  );
  const { rows, aftermath, falseAlarms } = detect(healing, faultsIn(healing), options);
  expect(rows[0]?.noticed).toEqual([]);
  expect(aftermath).toMatchObject([{ of: 'kill-brick pve1', atMs: 28_000 }]);
  expect(falseAlarms).toMatchObject([{ atMs: 45_000 }]);
});

it('a trouble that never ends takes every later alert', () => {
  expect(detect(HISTORY, faultsIn(HISTORY), options).falseAlarms).toEqual([]);
});

it('the same alert with other labels, or fired anew, is another one', () => {
  const one = alert('BrickDown', 11_000, 'page', {
    labels: { severity: 'page', brick: 'a' },
  });
  const two = alert('BrickDown', 11_000, 'page', {
    labels: { severity: 'page', brick: 'b' },
  });
  const again = alert('BrickDown', 15_000, 'page', {
    labels: { brick: 'a', severity: 'page' },
  });
  const same = alert('BrickDown', 11_000, 'page', {
    labels: { brick: 'a', severity: 'page' },
  });
  const trouble = { what: 'x', fromMs: 10_000, toMs: undefined };
  const told = history([12_000, one], [12_000, two], [13_000, same], [16_000, again]);
  expect(detect(told, [trouble], options).rows[0]?.noticed.map(({ evidence }) => evidence)).toEqual([
    0, 1, 3,
  ]);
});

it.each([
  ['page', 'pagerduty', true],
  ['critical', undefined, true],
  ['notify', 'pagerduty', false],
  ['page', 'mail', false],
  [undefined, 'slack', false],
  ['critical', 'slack', false],
  [undefined, 'webhook', true],
  ['P1', 'webhook', false],
  ['P1', 'pagerduty', true],
  ['notify', 'opsgenie', false],
] as const)('severity %s by %s wakes somebody: %s', (severity, channel, wakes) => {
  const labels = severity === undefined ? {} : { severity };
  const told = { seq: 0, atMs: 0, ...alert('A', 0, 'page', { labels }), ...(channel && { channel }) };
  expect(pages(told as EventOf<'alert'>)).toBe(wakes);
});

const rule = (name: string, state: 'pending' | 'firing' | 'inactive', severity = 'page'): EventBody => ({
  kind: 'rule',
  name,
  state,
  by: 'inside',
  activeAtMs: 10_500,
  labels: { severity },
});
const TROUBLE = { what: 'x', fromMs: 10_000, toMs: 20_000 };

it('what fired and never reached anybody is told by the rule itself, and what was delivered counts once', () => {
  const told = history(
    [12_200, rule('BrickDown', 'firing')],
    [12_600, alert('BrickDown', 12_000, 'page', { by: 'inside' })],
    [13_000, rule('BothRoutersDown', 'pending')],
    [14_000, rule('BothRoutersDown', 'firing')],
    [15_000, rule('Watchdog', 'firing', 'heartbeat')],
  );
  expect(detect(told, [TROUBLE], options).rows[0]?.noticed).toMatchObject([
    { alert: 'BrickDown', firedAfterMs: 2000, deliveredAfterMs: 2600, by: 'inside', evidence: 1 },
    { alert: 'BothRoutersDown', firedAfterMs: 4000, deliveredAfterMs: undefined, evidence: 3 },
  ]);
});

it('of an alert that goes by mail first and then to the pager, the page counts', () => {
  const told = history(
    [12_000, alert('A', 11_000, 'page', { channel: 'mail' })],
    [13_000, alert('A', 11_000, 'page', { channel: 'pagerduty' })],
    [14_000, alert('A', 11_000, 'page', { channel: 'pagerduty' })],
  );
  expect(detect(told, [TROUBLE], options).rows[0]?.noticed).toMatchObject([
    { alert: 'A', pages: true, deliveredAfterMs: 3000, evidence: 1 },
  ]);
});
