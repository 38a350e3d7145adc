import { expect, it } from 'vitest';
import type { EventBody } from '../model/event.ts';
import { whyUntold } from './untold.ts';

const at = (...events: readonly (readonly [atMs: number, body: EventBody])[]) =>
  events.map(([atMs, body], seq) => ({ seq, atMs, ...body }));

const rule = (
  name: string,
  by: 'inside' | 'offsite',
  severity = 'page',
  state: 'pending' | 'firing' = 'firing',
): EventBody => ({ kind: 'rule', name, by, state, activeAtMs: 0, labels: { severity } });
const undelivered = (tries: number): EventBody => ({
  kind: 'undelivered',
  by: 'inside',
  integration: 'email',
  tries,
  givenUp: 0,
});
const mail = (by: 'inside' | 'offsite'): EventBody => ({
  kind: 'alert',
  name: 'GatewayUnreachable',
  state: 'firing',
  receiver: 'mail',
  channel: 'mail',
  by,
  activeAtMs: 0,
  labels: { severity: 'page' },
});

it('names what fired and how often it was tried to send it', () => {
  const history = at(
    [100, rule('BothRoutersDown', 'inside', 'page', 'pending')],
    [200, rule('BothRoutersDown', 'inside')],
    [210, rule('BothRoutersDown', 'inside')],
    [300, undelivered(1)],
    [400, undelivered(3)],
  );
  expect(whyUntold(history, 0)).toBe(
    'BothRoutersDown fired inside; 3 tries to send it from inside by email have failed',
  );
});

it('tells a silent Alertmanager from one that tries, and both places apart', () => {
  const history = at(
    [200, rule('BothRoutersDown', 'inside')],
    [300, rule('GatewayUnreachable', 'offsite')],
    [310, rule('CustomerPageDown', 'offsite')],
    [400, undelivered(2)],
  );
  expect(whyUntold(history, 0)).toBe(
    'BothRoutersDown fired inside, GatewayUnreachable and CustomerPageDown fired offsite; ' +
      '2 tries to send it from inside by email have failed, nothing was sent from offsite',
  );
});

it('mail that arrived has woken nobody', () => {
  const history = at([200, rule('GatewayUnreachable', 'offsite')], [300, mail('offsite')]);
  expect(whyUntold(history, 0)).toBe(
    'GatewayUnreachable fired offsite; what went out from offsite was mail, which wakes nobody',
  );
});

it.each([
  ['nothing fired', at([100, rule('A', 'inside', 'page', 'pending')])],
  ['what fired wakes nobody by intent', at([100, rule('A', 'inside', 'notify')])],
  ['it fired before the play', at([-100, rule('A', 'inside')])],
])('%s', (_, history) => {
  expect(whyUntold(history, 0)).toBe('no rule that pages fired');
});
