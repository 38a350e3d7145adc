import { assert, integer, property } from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { durationMs, durationText } from './duration.ts';
import { scaleAlertmanager, scalePrometheus, scaleRules } from './scale.ts';

const LAB = { factor: 30, scrapeMs: 1000 };

const rule = (expr: string, more = ''): string =>
  `groups:\n  - name: g\n    rules:\n      # why this rule\n      - alert: A\n        expr: ${expr}\n${more}`;

test('for, ranges, offsets and the step of subqueries; labels that look like durations, numbers and comments stay', () => {
  const text = rule(
    `'min_over_time(x{w="[5m]"}[15m]) > 600 and y offset -10m or max_over_time((z > 5)[1h:2m]) # [5m]'`,
    '        for: 5m\n        keep_firing_for: 1h30m\n',
  );
  const { text: scaled, clamped } = scaleRules('a.yml', text, LAB);
  expect(scaled).toContain(
    'min_over_time(x{w="[5m]"}[30s]) > 600 and y offset -20s or max_over_time((z > 5)[2m:4s]) # [5m]',
  );
  expect(scaled).toContain('for: 10s\n');
  expect(scaled).toContain('keep_firing_for: 3m\n');
  expect(scaled).toContain('# why this rule');
  expect(clamped).toEqual([]);
});

test('a range never holds fewer than two samples, and that is said', () => {
  const { text, clamped } = scaleRules('a.yml', rule('increase(x[30s]) == 0'), LAB);
  expect(text).toContain('increase(x[2s]) == 0');
  expect(clamped).toEqual(['a.yml:6: a range of 30s would hold fewer than two samples, is 2s']);
});

test('seconds that are written as numbers stay, and that is said', () => {
  const said = (expr: string) => scaleRules('a.yml', rule(expr), LAB).clamped;
  const words = [expect.stringMatching(/^a\.yml:6: expr counts in seconds/)];
  expect(said('time() - node_textfile_mtime_seconds > 600')).toEqual(words);
  expect(said('predict_linear(node_filesystem_avail_bytes[1h], 14400) < 0')).toEqual(words);
  expect(said('x > timestamp(y)')).toEqual(words);
  expect(said('time_total > 5')).toEqual([]);
});

test('an alias is scaled where it stands, and its anchor by itself', () => {
  const { text } = scaleRules(
    'a.yml',
    rule('up == 0', '        for: *w\n        annotations: { said: *w }\n').replace(
      'groups:',
      'x-wait: &w 5m\ngroups:',
    ),
    LAB,
  );
  expect(parse(text)).toMatchObject({
    'x-wait': '5m',
    groups: [{ rules: [{ for: '10s', annotations: { said: '5m' } }] }],
  });
});

test.each([
  ['a merge', rule('up == 0', '        <<: { for: 5m }\n'), /^a\.yml:7: a merge/],
  ['PromQL that is none', rule('sum(x'), /^a\.yml:6: expr can't be scaled: no PromQL/],
  ['a template of Grafana', rule('rate(x[$__rate_interval])'), /^a\.yml:6: expr can't be scaled: no PromQL/],
  ['a range that is calculated', rule('rate(x[5m * 2])'), /^a\.yml:6: .*calculated/],
  [
    'a for that is none',
    rule('up == 0', '        for: 5 minutes\n'),
    /^a\.yml:7: for is no duration: «5 minutes»/,
  ],
  ['units in the wrong order', rule('up == 0', '        for: 5s1m\n'), /^a\.yml:7: for is no duration/],
  ['YAML that is none', 'groups: [', /^a\.yml:1: no YAML/],
  ['no groups', 'rules: []\n', /^a\.yml:1: groups is no list/],
  [
    'a rule without an expression',
    'groups:\n  - name: g\n    rules:\n      - alert: A\n',
    /^a\.yml:4: a rule without expr/,
  ],
])('refuses %s with file and line', (_what, text, words) => {
  expect(() => scaleRules('a.yml', text, LAB)).toThrow(words);
});

test('waits of every route, deep ones too', () => {
  const text =
    'global: { resolve_timeout: 5m }\nroute:\n  receiver: a\n  group_wait: 30s\n  group_interval: 5m\n  repeat_interval: 4h\n' +
    '  routes:\n    - receiver: b\n      routes:\n        - { receiver: c, group_wait: 0s, group_interval: 1s, repeat_interval: 1h }\n';
  const { text: scaled, clamped } = scaleAlertmanager('am.yml', text, LAB);
  expect(scaled).toContain('resolve_timeout: 10s');
  expect(scaled).toContain('group_wait: 1s\n  group_interval: 10s\n  repeat_interval: 8m\n');
  expect(scaled).toContain('{ receiver: c, group_wait: 0s, group_interval: 500ms, repeat_interval: 2m }');
  expect(clamped).toEqual(['am.yml:10: group_interval 1s would be 33ms, is 500ms']);
});

test('what Alertmanager takes when nothing is written is scaled, too; routes below the first inherit', () => {
  const text = 'route:\n  receiver: a\n  group_wait: 1m\n  routes: [{ receiver: b }]\n';
  const { text: scaled, clamped } = scaleAlertmanager('am.yml', text, LAB);
  expect(parse(scaled)).toEqual({
    global: { resolve_timeout: '10s' },
    route: {
      receiver: 'a',
      group_wait: '2s',
      group_interval: '10s',
      repeat_interval: '8m',
      routes: [{ receiver: 'b' }],
    },
  });
  expect(clamped).toEqual([]);
});

test.each(['mute_time_intervals', 'active_time_intervals'])(
  '%s is refused: it goes by the clock of the machine',
  (key) => {
    const text = `route:\n  receiver: a\n  routes:\n    - receiver: b\n      ${key}: [night]\n`;
    expect(() => scaleAlertmanager('am.yml', text, LAB)).toThrow(
      new RegExp(`^am\\.yml:4: ${key} goes by the clock`),
    );
  },
);

test('Alertmanager without a route is refused', () => {
  expect(() => scaleAlertmanager('am.yml', 'receivers: []\n', LAB)).toThrow('am.yml:1: Alertmanager');
});

test('Prometheus looks as often as the lab can bear', () => {
  const text =
    'global: { scrape_interval: 15s }\nscrape_configs:\n  - { job_name: slow, scrape_interval: 2m }\n';
  const { text: scaled, clamped } = scalePrometheus('p.yml', text, LAB);
  expect(scaled).toContain('scrape_interval: 1s');
  expect(scaled).toContain('job_name: slow, scrape_interval: 4s');
  expect(clamped).toEqual(['p.yml:1: scrape_interval 15s would be 500ms, is 1s']);
});

test('durations are written as they are read', () => {
  expect(durationMs('1h30m')).toBe(5_400_000);
  expect(durationMs('90')).toBeUndefined();
  assert(
    property(integer({ min: 1, max: 1e10 }), (ms) => {
      expect(durationMs(durationText(ms))).toBe(ms);
    }),
  );
});
