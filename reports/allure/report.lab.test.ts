/** The report as people get it: Allure and a vitest of its own, each started for real. Needs no engine, but half a minute. */
import { spawnSync } from 'node:child_process';
import type { SpawnSyncReturns } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { everyOracle, judge } from '../../harness/index.ts';
import { createBundle, finishBundle } from '../bundle.ts';
import { gatedNight, incidentNight } from '../testing/nights.ts';
import { makeReport } from './report.ts';

const repo = fileURLToPath(new URL('../..', import.meta.url));
let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'healproof-report-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const nameIn = (path: string): string =>
  (JSON.parse(readFileSync(path, 'utf8')) as { readonly name: string }).name;

/** A vitest run of its own over these files. */
function innerVitest(files: Readonly<Record<string, string>>): SpawnSyncReturns<string> {
  const all = { 'package.json': '{"type":"module"}', ...files };
  for (const [name, content] of Object.entries(all)) writeFileSync(join(root, name), content);
  symlinkSync(join(repo, 'node_modules'), join(root, 'node_modules'));
  const vitest = join(repo, 'node_modules/vitest/vitest.mjs');
  // Not a worker of the run that this test is part of.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST')));
  return spawnSync(process.execPath, [vitest, 'run', '--root', root], { env, encoding: 'utf8' });
}

/** Publishes one bundle in a vitest run; answers the folder of the results. */
function publishInVitest(dir: string, result: object): string {
  const results = join(root, 'results');
  const door = JSON.stringify(join(repo, 'reports/allure/index.ts'));
  const ran = innerVitest({
    'one.test.ts': `import { test } from 'vitest'; import { publishRun } from ${door};
      test('a night', () => publishRun(${JSON.stringify(result)}, ${JSON.stringify(dir)}));`,
    'vitest.config.ts': `import { allureReporter } from ${door};
      const reporter = allureReporter(${JSON.stringify(results)}, { accelerator: 'tcg' });
      export default { test: { reporters: [reporter] } };`,
  });
  if (ran.status !== 0)
    throw new Error(`the inner vitest ended with ${ran.status}:\n${ran.stdout}${ran.stderr}`);
  return results;
}

test('a published run is a report in one file, with its steps and attachments, that calls nobody', async () => {
  const night = gatedNight();
  const began = night.find((event) => event.kind === 'run-began');
  if (began === undefined) throw new Error('the night has no beginning');
  const told = { scenario: 'night-3', title: 'With a gate', why: 'To see it', procedure: 'heal-gated' };
  const bundle = createBundle(join(root, 'bundle'), {
    schema: 1,
    id: 'run-1',
    ...told,
    volume: 'replica 2, defaults',
    site: began.spec,
    expected: { verdict: 'holds', broken: [] },
  });
  writeFileSync(bundle.historyPath, night.map((event) => `${JSON.stringify(event)}\n`).join(''));
  writeFileSync(join(bundle.logsDir, 'pve1.log'), 'a line of the log\n');
  const result = finishBundle(bundle.dir, night, judge(everyOracle(), night));
  const results = publishInVitest(bundle.dir, result);

  const file = readdirSync(results).find((name) => name.endsWith('-result.json')) ?? '';
  const published = JSON.parse(readFileSync(join(results, file), 'utf8')) as {
    steps: { name: string; start: number; stop: number }[];
  };
  const names = published.steps.map(({ name }) => name);
  for (const due of [
    'timeline',
    'timeline (PNG)',
    'verdict.json',
    'findings and their events',
    'backlog.csv',
    'snapshots/final.json',
    'logs/pve1.log',
  ]) {
    expect(names).toContain(due);
  }
  const reboot = published.steps.find(({ name }) => name.startsWith('reboot pve1'));
  expect((reboot?.stop ?? 0) - (reboot?.start ?? 0)).toBeGreaterThan(5_000);

  expect(readFileSync(join(results, 'environment.properties'), 'utf8')).toContain('accelerator');

  const historyPath = join(root, 'history.jsonl');
  const out = join(root, 'report');
  await makeReport(results, out);
  // An older one is replaced.
  const html = readFileSync(await makeReport(results, out, { historyPath }), 'utf8');
  expect(readFileSync(historyPath, 'utf8').trim().split('\n')).toHaveLength(1);
  expect(html).toContain('Healproof');
  expect(html).not.toContain('googletagmanager');
}, 60_000);

interface Step {
  readonly name: string;
  readonly status: string;
  readonly steps: readonly Step[];
}

test('findings are told whole, with their events; what may break and breaks is no failure', () => {
  const night = incidentNight();
  const began = night.find((event) => event.kind === 'run-began');
  if (began === undefined) throw new Error('the night has no beginning');
  const judged = judge(everyOracle(), night);
  const broken = judged.judgements.filter(({ verdict }) => verdict.kind === 'broken').map(({ name }) => name);
  const bundle = createBundle(join(root, 'bundle'), {
    schema: 1,
    id: 'run-1',
    scenario: 'night-1',
    title: 'The incident',
    why: 'To see it',
    procedure: 'fixed-delay',
    volume: 'replica 2, defaults',
    site: began.spec,
    expected: {
      verdict: 'broken',
      broken: broken.filter((name) => name !== 'gate-honest' && name !== 'operator-reach'),
      mayBreak: ['gate-honest'],
    },
  });
  writeFileSync(bundle.historyPath, night.map((event) => `${JSON.stringify(event)}\n`).join(''));
  const results = publishInVitest(bundle.dir, finishBundle(bundle.dir, night, judged));
  const file = readdirSync(results).find((name) => name.endsWith('-result.json')) ?? '';
  const { steps } = JSON.parse(readFileSync(join(results, file), 'utf8')) as Pick<Step, 'steps'>;
  const oracle = (name: string): Step | undefined =>
    steps.find((one) => one.name.startsWith(`oracle ${name}: `));
  const split = oracle('no-split-brain');
  expect(split).toMatchObject({ status: 'passed', name: expect.stringContaining('broken, as expected') });
  expect(split?.steps.length).toBeGreaterThan(1);
  for (const { name } of split?.steps ?? [])
    expect(name).toMatch(/^\d+ of \d+: .* – events? #\d+ at [\d.]+ s/);
  expect(oracle('gate-honest')).toMatchObject({
    status: 'passed',
    name: expect.stringContaining('which may be'),
  });
  expect(oracle('operator-reach')).toMatchObject({ status: 'failed' });
}, 60_000);

test('a killed run leaves the results of the tests that had ended', () => {
  const results = join(root, 'results');
  const door = JSON.stringify(join(repo, 'reports/allure/index.ts'));
  const vitest = innerVitest({
    'two.test.ts': `import { test } from 'vitest';
      test('ends', () => {});
      test('is killed', () => new Promise((end) => {
        // The first result is on its way to the main process.
        setTimeout(() => { process.kill(process.ppid, 'SIGKILL'); end(); }, 1_500);
      }));`,
    'vitest.config.ts': `import { allureReporter } from ${door};
      export default { test: { pool: 'forks', reporters: [allureReporter(${JSON.stringify(results)})] } };`,
  });
  expect(vitest.signal).toBe('SIGKILL');
  const left = readdirSync(results).filter((name) => name.endsWith('-result.json'));
  expect(left.map((name) => nameIn(join(results, name)))).toEqual(['ends']);
}, 60_000);
