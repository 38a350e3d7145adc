import { expect, it } from 'vitest';
import type { EventBody, EventOf } from '../model/event.ts';
import { whyUntold } from './untold.ts';

const at = (...events: readonly (readonly [atMs: number, body: EventBody])[]) =>
  events.map(([atMs, body], seq) => ({ seq, atMs, ...body }));

const rule = (
  name: string,
  by: 'inside' | 'offsite',
  severity = 'page',
  state: 'pending' | 'firing' = 'firing',
): EventBody => ({ kind: 'rule', name, by, state, activeAtMs: 0, labels: { severity } });
const undelivered = (tries: number, integration = 'email'): EventBody => ({
  kind: 'undelivered',
  by: 'inside',
  integration,
  tries,
  givenUp: 0,
});
const alert = (
  by: 'inside' | 'offsite',
  { name = 'GatewayUnreachable', channel = 'mail', state = 'firing' }: Partial<EventOf<'alert'>> = {},
): EventBody => ({
  kind: 'alert',
  name,
  state,
  receiver: channel,
  channel,
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
    'BothRoutersDown fired inside; tries to send from inside have failed: 3 by email',
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
      'tries to send from inside have failed: 2 by email, nothing was sent from offsite',
  );
});

it('mail that arrived has woken nobody', () => {
  const history = at([200, rule('GatewayUnreachable', 'offsite')], [300, alert('offsite')]);
  expect(whyUntold(history, 0)).toBe(
    'GatewayUnreachable fired offsite; what went out from offsite was mail, which wakes nobody',
  );
});

it('another alert that went out by mail is not the page that could not be sent', () => {
  const history = at(
    [100, alert('inside', { name: 'HealBacklogInMaintenance' })],
    [200, rule('BothRoutersDown', 'inside')],
    [300, undelivered(2)],
    [310, undelivered(9, 'webhook')],
    [400, undelivered(3)],
  );
  expect(whyUntold(history, 0)).toBe(
    'BothRoutersDown fired inside; tries to send from inside have failed: 3 by email, 9 by webhook',
  );
});

it('a page that was taken back was sent', () => {
  const page = { name: 'CustomerPageDown', channel: 'pagerduty' };
  const history = at(
    [200, rule('CustomerPageDown', 'offsite')],
    [300, alert('offsite', page)],
    [900, alert('offsite', { ...page, state: 'resolved' })],
  );
  expect(whyUntold(history, 0)).toBe(
    'CustomerPageDown fired offsite; CustomerPageDown was delivered from offsite and taken back before anybody was called',
  );
});

it.each([
  ['nothing fired', at([100, rule('A', 'inside', 'page', 'pending')])],
  ['what fired wakes nobody by intent', at([100, rule('A', 'inside', 'notify')])],
  ['it fired before the play', at([-100, rule('A', 'inside')])],
])('%s', (_, history) => {
  expect(whyUntold(history, 0)).toBe('no rule that pages fired');
});
