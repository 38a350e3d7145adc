import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { Extra, SiteDescription } from '../../harness/index.ts';
import { lookAround } from './surroundings.ts';

const WANTED: ReadonlySet<Extra> = new Set(['outOfBand', 'alerting']);
const { signal } = new AbortController();

/** A server on 127.0.0.1; answers its port. */
async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<number> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
}

const alerting = (port: number): SiteDescription => ({
  alerting: {
    alertmanager: `http://127.0.0.1:${port}`,
    heartbeat: 'Watchdog',
    withinSeconds: 150,
    silences: [],
  },
});

/** Shapes of Alertmanager 0.27's API v2. */
const ALERT = {
  labels: { alertname: 'Watchdog' },
  startsAt: '2026-11-25T04:00:00.000Z',
  updatedAt: '2026-11-25T05:00:00.123Z',
  status: { state: 'active' },
};
const silence = (id: string, state: string) => ({
  id,
  status: { state },
  matchers: [
    { name: 'severity', value: 'page|warn', isRegex: true, isEqual: true },
    { name: 'site', value: 'home', isRegex: false, isEqual: false },
  ],
  startsAt: '2026-11-25T04:00:00.000Z',
  endsAt: '2026-11-25T06:00:00.000Z',
  updatedAt: '2026-11-25T04:00:00.000Z',
  createdBy: 'bob',
  comment: 'old',
});

test('the Alertmanager tells of its heartbeat and of the silences that are active now', async () => {
  const asked: string[] = [];
  const port = await serve((request, response) => {
    asked.push(decodeURIComponent(request.url ?? ''));
    const silences = request.url?.startsWith('/api/v2/silences') === true;
    response.end(JSON.stringify(silences ? [silence('a', 'active'), silence('b', 'expired')] : [ALERT]));
  });
  expect(await lookAround(alerting(port), WANTED, signal)).toEqual({
    alerting: {
      seen: true,
      heartbeatAtMs: Date.parse(ALERT.updatedAt),
      silences: [
        {
          id: 'a',
          matchers: 'severity=~page|warn site!=home',
          endsAtMs: Date.parse('2026-11-25T06:00:00Z'),
          by: 'bob',
          comment: 'old',
        },
      ],
    },
  });
  expect(asked.toSorted()).toEqual(['/api/v2/alerts?filter=alertname="Watchdog"', '/api/v2/silences']);
});

test('no heartbeat is told as none; an odd answer, an error and no answer are not seen', async () => {
  const none = await serve((_, response) => response.end('[]'));
  expect(await lookAround(alerting(none), WANTED, signal)).toMatchObject({
    alerting: { seen: true, heartbeatAtMs: undefined },
  });
  const odd = await serve((_, response) => response.end('{"status":"success"}'));
  expect((await lookAround(alerting(odd), WANTED, signal)).alerting).toMatchObject({ seen: false });
  const broken = await serve((_, response) => response.writeHead(503).end());
  expect((await lookAround(alerting(broken), WANTED, signal)).alerting).toMatchObject({
    seen: false,
    because: expect.stringMatching(/answered with 503/),
  });
  expect((await lookAround(alerting(1), WANTED, signal)).alerting).toMatchObject({ seen: false });
});

test('a name and password in the address go out as a header, and into no message', async () => {
  const asked: (string | undefined)[] = [];
  const port = await serve((request, response) => {
    asked.push(request.headers.authorization);
    response.writeHead(503).end();
  });
  const own = {
    alerting: {
      heartbeat: 'Watchdog',
      withinSeconds: 150,
      silences: [],
      alertmanager: `http://gate:100%s%40cret@127.0.0.1:${port}`,
    },
  };
  const { alerting: seen } = await lookAround(own, WANTED, signal);
  expect(asked[0]).toBe(`Basic ${Buffer.from('gate:100%s%40cret').toString('base64')}`);
  expect(seen).toMatchObject({ seen: false, because: expect.stringContaining(`http://127.0.0.1:${port}:`) });
  expect(JSON.stringify(seen)).not.toMatch(/cret/);
});

test('ways in are tried one by one', async () => {
  const port = await serve(() => undefined);
  const found = await lookAround(
    {
      outOfBand: [
        { of: 'pve1', host: '127.0.0.1', port },
        { of: 'pve2', host: '127.0.0.1', port: 1 },
      ],
    },
    WANTED,
    signal,
  );
  expect(found.outOfBand).toMatchObject({
    seen: true,
    tried: [
      { of: 'pve1', ok: true },
      { of: 'pve2', ok: false, said: expect.stringMatching(/ECONNREFUSED/) },
    ],
  });
});

test('what no condition asks for is not looked at', async () => {
  expect(await lookAround({ ...alerting(1), outOfBand: [] }, new Set(), signal)).toEqual({});
});
