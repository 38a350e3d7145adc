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

test('an alias is the channel that it stands for, also when what it refers to goes', () => {
  const shared = `
global: { smtp_from: &me ops@example.org }
receivers:
  - name: a
    pagerduty_configs: &calls [{ routing_key: abc }]
  - name: b
    pagerduty_configs: *calls
    email_configs: [{ to: *me }]
`;
  const { receivers } = parse(redirectReceivers('am.yml', shared, PAGER));
  expect(receivers[1].pagerduty_configs).toHaveLength(1);
  expect(receivers[1].email_configs[0].to).toBe('ops@example.org');
  expect(withoutSecrets(shared)).not.toContain('abc');
});

test('no receivers is no configuration', () => {
  expect(() => redirectReceivers('am.yml', 'route: {}\n', PAGER)).toThrow('am.yml: Alertmanager');
});

test('what is kept of the file holds no secret, not in a comment and not in a list', () => {
  const more = `${OWN}  # - routing_key: 0ldkey
  - name: c
    webhook_configs: [{ url: x, http_config: { http_headers: { Authorization: { secrets: [s3cret] } } } }] # was n3xt
`;
  const text = withoutSecrets(more);
  expect(text).not.toMatch(/hunter2|0123456789abcdef|fedcba|hooks\.slack|0ldkey|s3cret|n3xt/);
  expect(redirectReceivers('am.yml', more, PAGER)).not.toMatch(/0ldkey|s3cret|n3xt/);
  expect(text).toMatch(/channel: ["']#ops["']/);
});
