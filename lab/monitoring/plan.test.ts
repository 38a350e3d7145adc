/** Who watches what in one lab: a site that has no exporter says so by what it leaves out. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { node, router } from '../../harness/index.ts';
import type { SiteSpec } from '../../harness/index.ts';
import { planNetworks } from '../network/plan.ts';
import { planMonitoring } from './plan.ts';
import { readShipped } from './shipped.ts';

const SPEC = {
  nodes: [node('pve1')],
  routers: [{ name: router('router-a'), vmid: 101, startsOn: node('pve1'), writeEveryMs: 0 }],
} as unknown as SiteSpec;
const shipped = readShipped();
const inside = (exporter: boolean): ReadonlyMap<string, string> =>
  new Map(
    planMonitoring(shipped, SPEC, planNetworks(0), exporter).files.inside.map(({ path, text }) => [
      path,
      text,
    ]),
  );

test('with an exporter it is a target, and its silence is told', () => {
  const files = inside(true);
  expect(JSON.parse(files.get('targets/healproof.json') ?? '')).toEqual([{ targets: ['127.0.0.1:9924'] }]);
  expect(files.get('rules/exporter.yml')).toContain('alert: ExporterSilent');
});

test('without one nothing is missed, and all other rules are in force', () => {
  const [files, all] = [inside(false), inside(true)];
  expect(files.get('targets/healproof.json')).toBe('[]');
  expect([...all.keys()].filter((path) => !files.has(path))).toEqual(['rules/exporter.yml']);
  expect([...files.values()].join('\n')).not.toMatch(/absent\(healproof_(?:heal_info_complete|gate_open)/);
});

test('what is shipped to a real site has the rule: only a lab leaves it out', () => {
  expect(shipped.inside.rules.map(({ name }) => name)).toContain('lab/monitoring/rules/exporter.yml');
});

test('the operator’s own files are all in force, whatever they are called, and what would not be read is refused', () => {
  const folder = mkdtempSync(join(tmpdir(), 'healproof-rules-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const rules = 'groups:\n  - name: g\n    rules:\n      - { alert: A, expr: up == 0 }\n';
  for (const name of ['alerts.yaml', 'exporters.yml']) writeFileSync(join(folder, name), rules);
  const own = planMonitoring(readShipped({ alertRules: folder }), SPEC, planNetworks(0), false);
  const paths = own.files.inside.map(({ path }) => path).filter((path) => path.startsWith('rules/'));
  // Prometheus reads rules/*.yml.
  expect(paths).toEqual(['rules/alerts.yaml.yml', 'rules/exporters.yml']);
  writeFileSync(join(folder, 'more.rules'), rules);
  expect(() => readShipped({ alertRules: folder })).toThrow(/more\.rules would not be read: rename it/);
});
