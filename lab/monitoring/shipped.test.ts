/** The rules, the dashboard and the list of metrics, as they are shipped: complete, and in step with each other. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parser } from '@prometheus-io/lezer-promql';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { FAULTS, METRICS } from '../../harness/index.ts';
import { LAB_CLOCK } from './plan.ts';
import { scaleAlertmanager, scaleRules } from './scale.ts';
import { PLACES, readShipped } from './shipped.ts';
import type { OwnFiles } from './shipped.ts';

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly labels?: { readonly severity?: string; readonly set?: string };
  readonly annotations?: { readonly summary?: string; readonly runbook?: string };
}

const HERE = import.meta.dirname;
const shipped = readShipped();
const rulesOf = (text: string): readonly Rule[] =>
  (parse(text) as { groups: readonly { rules: readonly Rule[] }[] }).groups.flatMap(({ rules }) => rules);
const RULES = PLACES.flatMap((place) => shipped[place].rules).flatMap(({ text }) => rulesOf(text));
const ALERTS = RULES.filter(({ alert }) => alert !== undefined);

/** First column of the table in metrics.md. */
const LISTED = [...readFileSync(join(HERE, 'metrics.md'), 'utf8').matchAll(/^\| `([a-z_:]+)` \|/gm)].map(
  ([, name = '']) => name,
);
const RECORDED = RULES.flatMap(({ record }) => record ?? []);
const OTHERS = ['up', 'probe_success', 'node_textfile_mtime_seconds', 'ALERTS'];

function metricsIn(expr: string): readonly string[] {
  const found: string[] = [];
  parser.parse(expr).iterate({
    enter: ({ name, from, to, type }) => {
      if (type.isError) throw new Error(`no PromQL: ${expr}`);
      if (name === 'Identifier') found.push(expr.slice(from, to));
    },
  });
  return found;
}

const panels = (
  JSON.parse(readFileSync(join(HERE, 'dashboard.json'), 'utf8')) as {
    panels: readonly { title: string; targets?: readonly { expr: string }[] }[];
  }
).panels;
const queries = panels.flatMap(({ targets }) => targets ?? []).map(({ expr }) => expr);

test.each(ALERTS.map((rule) => [rule.alert ?? '', rule] as const))(
  '%s says how bad it is and what to do',
  (_name, { labels, annotations }) => {
    expect(['page', 'notify', 'heartbeat']).toContain(labels?.severity);
    expect(annotations?.summary).toMatch(/\S{3}/);
    expect(annotations?.runbook?.length).toBeGreaterThan(10);
  },
);

test('no two alerts have one name', () => {
  const names = ALERTS.map(({ alert }) => alert);
  expect(new Set(names).size).toBe(names.length);
});

/** Fired by whole nights and stories, where no single fault is enough. */
const FIRED_BY_STORIES: Readonly<Record<string, string>> = {
  Watchdog: 'every run: it fires always',
  NodeDownWhileGateHeld: 'fixed-delay-replica-2',
  NodeDownWithoutOpenGate: 'reboot-while-shut',
  MetricAbsent: 'exporter-gone, on a site without an exporter for all nodes',
};

test('every alert has a fault or a story that fires it, and no fault waits for one that is not shipped', () => {
  const names = ALERTS.map(({ alert = '' }) => alert);
  const noticed = new Set(FAULTS.flatMap(({ noticedBy }) => noticedBy));
  expect([...noticed].filter((name) => !names.includes(name))).toEqual([]);
  expect(names.filter((name) => !noticed.has(name) && FIRED_BY_STORIES[name] === undefined)).toEqual([]);
  expect(Object.keys(FIRED_BY_STORIES).filter((name) => noticed.has(name))).toEqual([]);
});

test('rules and dashboard use metrics of the list and no others, and the list has none that nobody uses', () => {
  const used = [...RULES.map(({ expr }) => expr), ...queries].flatMap(metricsIn);
  const known = new Set([...LISTED, ...RECORDED, ...OTHERS]);
  expect([...new Set(used)].filter((name) => !known.has(name))).toEqual([]);
  expect(LISTED.filter((name) => !used.includes(name))).toEqual([]);
});

test.each(['backlog', 'gate', 'quorum', 'client', 'router', 'heartbeat'])(
  'the dashboard shows %s',
  (what) => {
    expect(
      panels.some(({ title, targets }) => title.toLowerCase().includes(what) && (targets ?? []).length > 0),
    ).toBe(true);
  },
);

test('all of it can be scaled to the lab, the naive set too', () => {
  const naive = readShipped({ alertRules: join(HERE, 'naive') });
  for (const place of PLACES) {
    for (const { name, text } of [...shipped[place].rules, ...naive[place].rules])
      expect(rulesOf(scaleRules(name, text, LAB_CLOCK).text)).toHaveLength(rulesOf(text).length);
    const { name, text } = shipped[place].alertmanager;
    expect(scaleAlertmanager(name, text, LAB_CLOCK).clamped).toEqual([]);
  }
});

test('every rule test file has a rule file of each place', () => {
  const tests = readdirSync(join(HERE, 'rule-tests')).filter((name) => name.endsWith('.test.yml'));
  const named = new Set(
    tests.flatMap(
      (name) =>
        (parse(readFileSync(join(HERE, 'rule-tests', name), 'utf8')) as { rule_files: readonly string[] })
          .rule_files,
    ),
  );
  expect([...named].map((path) => path.replace('../', 'lab/monitoring/')).toSorted()).toEqual(
    PLACES.flatMap((place) => shipped[place].rules.map(({ name }) => name)).toSorted(),
  );
});

test('nothing outside watches, or the naive set does beside ours, when a story says so', () => {
  const names = (own: OwnFiles) =>
    PLACES.map((place) => readShipped(own)[place].rules.map(({ name }) => name.split('/').at(-1)));
  expect(names({ offsite: false })[1]).toEqual([]);
  expect(names({ offsite: false })[0]).toContain('volume.yml');
  expect(names({ naive: true })).toEqual([
    [...(names({})[0] ?? []), 'volume-naive.yml'],
    ['offsite-heartbeat.yml', 'offsite.yml', 'offsite-naive.yml'],
  ]);
});

test('what is naive says so in a label, and what is ours does not', () => {
  const naive = readShipped({ alertRules: join(HERE, 'naive') });
  const setsOf = (rules: readonly Rule[]) => new Set(rules.map(({ labels }) => labels?.set));
  const all = PLACES.flatMap((place) => naive[place].rules).flatMap(({ text }) => rulesOf(text));
  expect(setsOf(all)).toEqual(new Set(['naive']));
  expect(setsOf(ALERTS)).toEqual(new Set([undefined]));
});

/** Rows of metrics.md that the exporter tells, with their labels. */
const OF_EXPORTER = [
  ...readFileSync(join(HERE, 'metrics.md'), 'utf8').matchAll(/^\| `(\w+)` \| ([^|]*) \| ([^|]*) \|/gm),
].flatMap(([, name = '', labels = '', tellers = '']) =>
  tellers.includes('exporter')
    ? [
        [
          name,
          labels
            .replaceAll(/=[^,]*/g, '')
            .split(/, */)
            .map((one) => one.trim()),
        ] as const,
      ]
    : [],
);

test.each(OF_EXPORTER)('the exporter tells %s with these labels', (name, labels) => {
  expect(METRICS.find((metric) => metric.name === name)?.labels).toEqual(labels.filter((one) => one !== ''));
});
