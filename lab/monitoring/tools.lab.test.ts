/** The shipped files under the real checkers, and the pager under real messages. In the image that the labs run. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { Engine } from '../docker/index.ts';
import { withOwnAlerting } from './own-alerting.ts';
import { PLACES, readShipped } from './shipped.ts';
import { checkShipped, runTool } from './tools.ts';
import type { FileAt } from './plan.ts';
import { kitFacts } from '../small-lab.fixture.ts';

// Each test starts containers, some of them several; on a busy machine one takes seconds.
vi.setConfig({ testTimeout: 60_000 });

const HERE = import.meta.dirname;
const tooling = () => ({ engine: new Engine({ host: kitFacts().host }), image: kitFacts().images.outside });

const folder = (name: string): readonly FileAt[] =>
  readdirSync(join(HERE, name))
    .filter((file) => file.endsWith('.yml'))
    .map((file) => ({ path: `${name}/${file}`, text: readFileSync(join(HERE, name, file), 'utf8') }));

const shipped = readShipped();

test('promtool and amtool take what is shipped, the naive set too', async () => {
  await expect(checkShipped(tooling(), shipped)).resolves.toBeUndefined();
  await expect(
    checkShipped(tooling(), readShipped({ alertRules: join(HERE, 'naive') })),
  ).resolves.toBeUndefined();
});

test('promtool test rules', async () => {
  const tests = folder('rule-tests');
  const run = await runTool(tooling(), 'promtool test rules rule-tests/*.test.yml', [
    ...tests,
    ...folder('rules'),
  ]);
  expect(run.output).toContain('SUCCESS');
  expect(run).toMatchObject({ exitCode: 0 });
});

test('promtool test rules fails when a rule is made blind', async () => {
  const blind = folder('rules').map(({ path, text }) => ({ path, text: text.replaceAll('== 0', '== 2') }));
  const run = await runTool(tooling(), 'promtool test rules rule-tests/*.test.yml', [
    ...folder('rule-tests'),
    ...blind,
  ]);
  expect(run.exitCode).not.toBe(0);
});

const ROUTES = [
  ['inside', 'severity=page alertname=BothRoutersDown', 'pager'],
  ['inside', 'severity=notify alertname=HealBacklogInMaintenance volume=v', 'mail'],
  ['inside', 'severity=heartbeat alertname=Watchdog', 'heartbeat'],
  ['inside', 'alertname=SomebodyElses', 'mail'],
  ['offsite', 'severity=page alertname=GatewayUnreachable', 'pager'],
] as const;

test.each(ROUTES)('%s: %s goes to %s', async (place, labels, receiver) => {
  const { text } = shipped[place].alertmanager;
  const run = await runTool(
    tooling(),
    `amtool config routes test --config.file=alertmanager.yml --verify.receivers=${receiver} ${labels}`,
    [{ path: 'alertmanager.yml', text }],
  );
  expect(run).toMatchObject({ exitCode: 0, output: expect.stringContaining(receiver) as string });
});

test('the operator’s own files are refused with the checker’s words, before any lab', async () => {
  const own = join(HERE, 'rule-tests');
  await expect(withOwnAlerting(kitFacts(), { alertRules: own }, () => undefined)).rejects.toThrow(
    /promtool refuses .*quiet\.test\.yml/s,
  );
  const notRouting = join(HERE, 'rules/volume.yml');
  await expect(withOwnAlerting(kitFacts(), { alertmanager: notRouting }, () => undefined)).rejects.toThrow(
    /amtool refuses .*volume\.yml/s,
  );
});

test('the operator’s own files, ours in their place, are taken and said to be scaled', async () => {
  const said: string[] = [];
  const own = { alertRules: join(HERE, 'naive'), alertmanager: join(HERE, 'site/inside/alertmanager.yml') };
  const { ownAlerting } = await withOwnAlerting(kitFacts(), own, (line) => said.push(line));
  expect(ownAlerting).toEqual(own);
  expect(said.join('\n')).toContain('30 times shorter');
  expect(PLACES.map((place) => readShipped(own)[place].rules.length)).toEqual([1, 1]);
});

const WEBHOOK = {
  version: '4',
  groupKey: '{}:{alertname="A"}',
  truncatedAlerts: 0,
  status: 'firing',
  receiver: 'phone',
  groupLabels: { alertname: 'A' },
  commonLabels: {},
  commonAnnotations: {},
  externalURL: 'http://x',
  alerts: [
    {
      status: 'firing',
      labels: { alertname: 'A', severity: 'page', volume: 'v' },
      annotations: { summary: 's' },
      startsAt: '2026-11-25T04:00:00.123456789Z',
      endsAt: '0001-01-01T00:00:00Z',
      generatorURL: 'http://x',
      fingerprint: 'f',
    },
  ],
};
const PAYLOAD = { summary: 's', source: 'x', severity: 'critical' };
const event = (event_action: string, more: object = {}): object => ({
  routing_key: 'k',
  event_action,
  dedup_key: 'd',
  ...more,
});
const LINE =
  '{"status":"firing","receiver":"pager","startsAt":"2026-11-25T04:00:00Z","labels":{"alertname":"B","severity":"page"}}';

/** Sends the messages in order; answers the statuses and what the pager wrote down. */
async function paged(messages: readonly (readonly [path: string, body: unknown])[]) {
  const files = messages.map(([, body], at) => ({ path: `${at}.json`, text: JSON.stringify(body) }));
  const start =
    "import asyncio,sys; sys.path.insert(0,'/usr/lib/healproof'); import pager; from evidence import Evidence\n" +
    "async def main():\n await pager.listen(Evidence('t'),'127.0.0.1',9095); print('up',flush=True); await asyncio.Event().wait()\nasyncio.run(main())";
  const posts = messages
    .map(
      ([path], at) =>
        `curl -s -o a.json -w '%{http_code} ' --data-binary @${at}.json http://127.0.0.1:9095${path} >> codes; cat a.json >> answers`,
    )
    .join('; ');
  const { output } = await runTool(
    tooling(),
    `export HP_EVIDENCE=/check/ev; mkfifo up; python3 -c "$(cat start.py)" > up & read line < up; ${posts}; curl -s http://127.0.0.1:9095/incidents > incidents; ` +
      'cat codes; echo; cat incidents; echo; cat ev/t.ndjson',
    [...files, { path: 'start.py', text: start }],
  );
  const [codes = '', incidents = '', ...lines] = output.trim().split('\n');
  return {
    codes: codes.trim().split(' ').map(Number),
    incidents: (JSON.parse(incidents) as { incidents: readonly Record<string, unknown>[] }).incidents,
    lines: lines
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

test('the pager speaks Alertmanager’s webhook v4', async () => {
  const { codes, lines } = await paged([
    ['/inside/alertmanager/slack', WEBHOOK],
    ['/alertmanager', { ...WEBHOOK, version: '3' }],
    ['/alertmanager', { ...WEBHOOK, groupKey: undefined }],
    ['/alertmanager', { ...WEBHOOK, alerts: [{ ...WEBHOOK.alerts[0], status: 'odd' }] }],
    [
      '/inside/alertmanager/webhook',
      { ...WEBHOOK, alerts: [{ ...WEBHOOK.alerts[0], labels: { alertname: 'Watchdog' } }] },
    ],
    ['/nowhere', WEBHOOK],
  ]);
  expect(codes).toEqual([200, 400, 400, 400, 200, 404]);
  expect(lines.map(({ ev }) => ev)).toEqual([
    'alert',
    'pager-refused',
    'pager-refused',
    'pager-refused',
    'heartbeat',
    'pager-refused',
  ]);
  expect(lines[0]).toMatchObject({
    name: 'A',
    state: 'firing',
    by: 'inside',
    channel: 'slack',
    receiver: 'phone',
    startsAtMs: Date.parse('2026-11-25T04:00:00.123Z'),
    labels: { severity: 'page', volume: 'v' },
  });
});

test('the pager speaks PagerDuty’s Events v2: trigger, repeat, acknowledge, resolve, and a new incident after it', async () => {
  const door = '/offsite/v2/enqueue';
  const trigger = event('trigger', {
    payload: { ...PAYLOAD, custom_details: { healproof: `words\n${LINE}\n` } },
  });
  const { codes, incidents, lines } = await paged([
    [door, trigger],
    [door, trigger],
    [door, event('acknowledge')],
    [door, event('resolve')],
    [door, event('resolve')],
    [door, trigger],
    [door, event('acknowledge', { dedup_key: undefined })],
    [door, event('trigger', { payload: { ...PAYLOAD, severity: 'loud' } })],
    [door, event('trigger', { payload: { ...PAYLOAD, summary: '' } })],
    [door, event('trigger', { routing_key: '', payload: PAYLOAD })],
    [door, event('shout', { payload: PAYLOAD })],
    [door, event('trigger', { dedup_key: 'd'.repeat(256), payload: PAYLOAD })],
  ]);
  expect(codes).toEqual([202, 202, 202, 202, 202, 202, 400, 400, 400, 400, 400, 400]);
  const pages = lines.filter(({ ev }) => ev === 'page');
  expect(pages.map(({ effect, incident }) => [effect, incident])).toEqual([
    ['opened', 1],
    ['repeated', 1],
    ['acknowledged', 1],
    ['resolved', 1],
    ['ignored', null],
    ['opened', 2],
  ]);
  expect(incidents.map(({ status, triggers }) => [status, triggers])).toEqual([
    ['resolved', 2],
    ['triggered', 1],
  ]);
  expect(lines.find(({ ev }) => ev === 'alert')).toMatchObject({
    name: 'B',
    by: 'offsite',
    channel: 'pagerduty',
    receiver: 'pager',
  });
});
