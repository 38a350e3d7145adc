/** Where a story meets the world: one vitest test that opens a lab, plays, judges, and leaves a bundle and an Allure result. */
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { judge, NIGHT_BEGINS, runScenario } from '../harness/index.ts';
import type { EventBody, Journal, Lab, Scenario } from '../harness/index.ts';
import { ContainerLab, gateKeeper, kitFrom, labOpener, readEscalation, realClock } from '../lab/index.ts';
import type { KitFacts } from '../lab/index.ts';
import {
  aboutOf,
  createBundle,
  finishBundle,
  openJournal,
  progressTeller,
  readJournal,
} from '../reports/index.ts';
import type { RunResult } from '../reports/index.ts';
import { publishRun } from '../reports/allure/index.ts';

/** Longer than any night with all its budgets; a run that takes this long hangs. */
const LIMIT_MS = 8 * 60_000;

const MODELLED = [
  'all nodes share one kernel: no kernel is really replaced, and a killed brick keeps the page cache',
  'firmware and boot take a modelled time',
  'the guest is Linux with ext4, not FreeBSD with UFS; what it does on a disk error is a parameter',
  'people live on a clock of their own; nobody waits for them',
];

/** Set by the command line tool; a story can't be told without it. */
function setting(name: 'HEALPROOF_KIT' | 'HEALPROOF_OUT'): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: play stories with ./healproof replay`);
  return value;
}

/** The operator's own people instead of the story's, where `--escalation` names a file. */
function withOwnPeople(story: Scenario): Scenario {
  const path = process.env['HEALPROOF_ESCALATION'];
  if (path === undefined || story.aftermath === undefined) return story;
  return { ...story, aftermath: { ...story.aftermath, escalation: readEscalation(path) } };
}

export function scenario(told: Scenario): void {
  const story = withOwnPeople(told);
  // oxlint-disable-next-line vitest/valid-title -- it is a string, which this rule can't see
  test(story.title, { timeout: LIMIT_MS }, async ({ signal }) => {
    const result = await playStory(story, signal);
    await publishRun(result, result.bundle);
    expect(result.notes, `${story.id}: ${result.because}`).toEqual([]);
    expect(result.asExpected, `${story.id}: ${result.because}`).toBe(true);
  });
}

async function playStory(story: Scenario, signal: AbortSignal): Promise<RunResult> {
  const out = setting('HEALPROOF_OUT');
  const facts = JSON.parse(setting('HEALPROOF_KIT')) as KitFacts;
  const run = `${Date.now().toString(36)}${process.pid.toString(36)}`.slice(-10);
  const bundle = createBundle(join(out, `${story.id}-${run}`), aboutOf(run, story));
  const kit = kitFrom(facts, () => bundle.dir);
  const beganMs = Date.now();
  const tell = progressTeller();
  mkdirSync(out, { recursive: true });
  const progress = join(out, 'progress.log');
  appendFileSync(progress, `\n${story.id}: ${story.title}\n`);
  const journal = openJournal(bundle.historyPath, {
    beganMs,
    onEvent: (event) => {
      const line = tell(event);
      if (line !== undefined) appendFileSync(progress, `${line}\n`);
    },
  });
  journal.record(beginning(story, run, beganMs, facts));
  await runScenario(story, run, {
    openLab: labOpener(kit, beganMs),
    gatesOf: (lab) => gatesOf(lab, story, journal),
    journal,
    clock: realClock,
    signal,
  });
  journal.close();
  const { history } = readJournal(bundle.historyPath);
  const result = finishBundle(bundle.dir, history, judge(story.oracles, history));
  appendFileSync(join(out, 'results.ndjson'), `${JSON.stringify(result)}\n`);
  return result;
}

const beginning = (story: Scenario, run: string, epochMs: number, facts: KitFacts): EventBody => ({
  kind: 'run-began',
  run,
  scenario: story.id,
  spec: story.site,
  epochMs,
  nightBegins: NIGHT_BEGINS,
  versions: {
    engine: facts.engineVersion,
    cgroup: String(facts.cgroupVersion),
    node: process.version,
    images: facts.images.node,
  },
  modelled: [...MODELLED, `guests run on ${facts.accelerator}`],
});

/** The operator asks gates from the workstation, over SSH through the routers. */
function gatesOf(lab: Lab, story: Scenario, journal: Journal) {
  if (!(lab instanceof ContainerLab)) throw new Error('bug: gates are asked in labs of containers only');
  const { volume } = story.site;
  const waivers =
    volume.layout === 'replica-2'
      ? [
          {
            condition: 'A3a',
            why: 'this site has two copies by design: no layout of it has a quorum to keep',
          },
        ]
      : [];
  for (const { condition, why } of waivers)
    journal.record({ kind: 'note', text: `gate condition ${condition} is waived: ${why}` });
  return gateKeeper(lab.operatorShells(), { volume: volume.name, waivers });
}
