import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { redirectReceivers, withoutSecrets } from './redirect.ts';

const PAGER = { host: '198.18.2.33', httpPort: 9095, smtpPort: 2525, by: 'inside' } as const;

const OWN = `
global: { resolve_timeout: 10s, slack_api_url: 'https://hooks.slack.com/services/T0/B0/secret' }
templates: [/etc/alertmanager/*.tmpl]
route: { receiver: a, routes: [{ receiver: b, matchers: [severity = page] }] }
receivers:
  - name: a
    slack_configs: [{ channel: '#ops', title: '{{ template "ours" . }}' }]
    email_configs: [{ to: me@example.org, auth_password: hunter2, send_resolved: true }]
  - name: b
    pagerduty_configs: [{ routing_key: 0123456789abcdef, severity: '{{ template "x" . }}' }, { service_key: fedcba, severity: critical }]
  - name: nobody
`;

test('every channel ends at the pager; who gets what stays, and nothing needs a template or a secret', () => {
  const text = redirectReceivers('am.yml', OWN, PAGER);
  const { global, route, receivers, templates } = parse(text);
  expect(global).toEqual({ resolve_timeout: '10s' });
  expect(templates).toBeUndefined();
  expect(route.routes).toEqual([{ receiver: 'b', matchers: ['severity = page'] }]);
  expect(receivers.map(({ name }: { name: string }) => name)).toEqual(['a', 'b', 'nobody']);
  const [a, b] = receivers;
  expect(a.webhook_configs).toEqual([{ url: 'http://198.18.2.33:9095/inside/alertmanager/slack' }]);
  expect(a.email_configs[0]).toMatchObject({
    to: 'me@example.org',
    smarthost: '198.18.2.33:2525',
    hello: 'inside',
    send_resolved: true,
  });
  expect(b.pagerduty_configs).toMatchObject([
    { url: 'http://198.18.2.33:9095/inside/v2/enqueue', severity: 'error' },
    { routing_key: 'lab', severity: 'critical' },
  ]);
  expect(text).not.toMatch(/hunter2|0123456789abcdef|fedcba|hooks\.slack|template "/);
});

test('no receivers is no configuration', () => {
  expect(() => redirectReceivers('am.yml', 'route: {}\n', PAGER)).toThrow('am.yml: Alertmanager');
});

test('what is kept of the file holds no secret', () => {
  const text = withoutSecrets(OWN);
  expect(text).not.toMatch(/hunter2|0123456789abcdef|fedcba|hooks\.slack/);
  expect(text).toContain("channel: '#ops'");
});
