/** Where a story meets the world: one vitest test that opens a lab, plays, judges, and leaves a bundle and an Allure result. */
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  guarded,
  HEALED,
  judge,
  MATRIX_GATE,
  MATRIX_GATE_DEEP,
  NIGHT_BEGINS,
  runScenario,
} from '../harness/index.ts';
import type { Event, EventBody, Journal, Lab, Scenario, SiteSpec, Waiver } from '../harness/index.ts';
import {
  ContainerLab,
  gateKeeper,
  kitFrom,
  labOpener,
  questions,
  readEscalation,
  realClock,
} from '../lab/index.ts';
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
import { toItsEnd } from './to-its-end.ts';

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

export function scenario(told: Scenario, limitMs = LIMIT_MS): void {
  const story = withOwnPeople(told);
  // oxlint-disable-next-line vitest/valid-title -- it is a string, which this rule can't see
  test(story.title, { timeout: limitMs }, async ({ signal, onTestFinished }) => {
    const result = await toItsEnd(() => tellStory(story, signal), onTestFinished);
    expect(result.notes, `${story.id}: ${result.because}`).toEqual([]);
    expect(result.asExpected, `${story.id}: ${result.because}`).toBe(true);
  });
}

/** An interrupted story is published, too: until then it has a history, a verdict and pictures. */
async function tellStory(story: Scenario, signal: AbortSignal): Promise<RunResult> {
  const result = await playStory(story, { out: setting('HEALPROOF_OUT'), facts: kitFacts(), signal });
  await publishRun(result, result.bundle);
  return result;
}

/** Rules and routes of the operator's own have names of their own, and decide by themselves what goes out. */
function withoutOurAlerts(story: Scenario): Scenario {
  const { told: _, ...wanted } = story.expect;
  return { ...story, expect: wanted };
}

/** The story's monitoring; files that the operator has given are used in every story. */
const withAlertingOf = ({ alerting }: Scenario, facts: KitFacts): KitFacts =>
  alerting === undefined ? facts : { ...facts, ownAlerting: { ...alerting, ...facts.ownAlerting } };

/** What the command line tool has prepared: engine, images, guests' saved state. */
export const kitFacts = (): KitFacts => JSON.parse(setting('HEALPROOF_KIT')) as KitFacts;

export interface Play {
  /** Folder for the bundle, the results and the progress of this and other stories. */
  readonly out: string;
  readonly facts: KitFacts;
  readonly signal: AbortSignal;
  /** Hears of each event when it is on disk. */
  readonly onEvent?: (event: Event, lab: ContainerLab | undefined) => void;
  /** Between the run and the file of its history; default: nothing. */
  readonly through?: (file: Journal) => Journal;
}

/** Plays and judges one story. Throws only when the evidence can't be kept; the lab is gone by then, too. */
export async function playStory(
  given: Scenario,
  { out, facts, signal, onEvent, through = (file) => file }: Play,
): Promise<RunResult> {
  const story = facts.ownAlerting === undefined ? given : withoutOurAlerts(given);
  const run = newRunId();
  const bundle = createBundle(join(out, `${story.id}-${run}`), aboutOf(run, story));
  const kit = kitFrom(withAlertingOf(story, facts), () => bundle.dir);
  const beganMs = Date.now();
  const tell = progressTeller();
  mkdirSync(out, { recursive: true });
  const progress = join(out, 'progress.log');
  appendFileSync(progress, `\n${story.id}: ${story.title}\n`);
  let lab: ContainerLab | undefined;
  const file = openJournal(bundle.historyPath, {
    beganMs,
    onEvent: (event) => {
      const line = tell(event);
      if (line !== undefined) appendFileSync(progress, `${line}\n`);
      onEvent?.(event, lab);
    },
  });
  const stop = new AbortController();
  const journal = guarded(through(file), (because) => stop.abort(because));
  journal.record(beginning(story, run, beganMs, facts));
  try {
    await runScenario(story, run, {
      openLab: async (...site) => (lab = await labOpener(kit, beganMs)(...site)),
      gatesOf: (opened) => gatesOf(opened, story, journal),
      questionsOf: (opened) => questionsOf(opened, story),
      journal,
      clock: realClock,
      signal: AbortSignal.any([signal, stop.signal]),
    });
  } finally {
    file.close();
  }
  const { history } = readJournal(bundle.historyPath);
  const result = finishBundle(bundle.dir, history, judge(story.oracles, history));
  appendFileSync(join(out, 'results.ndjson'), `${JSON.stringify(result)}\n`);
  return result;
}

let runs = 0;
/** Unique on this machine: two stories may begin in the same millisecond. */
const newRunId = (): string => `${Date.now().toString(36)}${process.pid.toString(36)}${runs++}`.slice(-10);

const beginning = (story: Scenario, run: string, epochMs: number, facts: KitFacts): EventBody => ({
  kind: 'run-began',
  run,
  scenario: story.id,
  spec: story.site,
  epochMs,
  nightBegins: NIGHT_BEGINS,
  ...(story.alerting?.offsite === false ? { offsite: false } : {}),
  versions: {
    engine: facts.engineVersion,
    cgroup: String(facts.cgroupVersion),
    node: process.version,
    images: facts.images.node,
    glusterfs: facts.glusterfs,
    commit: process.env['HEALPROOF_COMMIT'] ?? 'unknown',
  },
  modelled: [...MODELLED, guestsOf(story.site, facts)],
});

function guestsOf({ accelerator }: SiteSpec, facts: KitFacts): string {
  const kind = accelerator === 'probe' ? facts.guests : accelerator;
  return kind === 'modelled'
    ? `the routers are modelled, not real VMs: what they do on a disk error is decided, not found out (${facts.accelerator})`
    : `guests run on ${accelerator === 'probe' ? facts.accelerator : kind}`;
}

/** The operator asks gates from the workstation, over SSH through the routers. */
function gatesOf(lab: Lab, story: Scenario, journal: Journal) {
  if (!(lab instanceof ContainerLab)) throw new Error('bug: gates are asked in labs of containers only');
  const { volume } = story.site;
  const waivers = waiversOf(story.site);
  for (const { condition, why } of waivers)
    journal.record({ kind: 'note', text: `gate condition ${condition} is waived: ${why}` });
  return gateKeeper(lab.operatorShells(), { volume: volume.name, waivers });
}

const waiversOf = ({ volume }: SiteSpec): readonly Waiver[] =>
  volume.layout === 'replica-2'
    ? [
        {
          condition: 'A3a',
          why: 'this site has two copies by design: no layout of it has a quorum to keep',
        },
      ]
    : [];

/** The matrix asks by the engine: it has to have an answer also when both routers are down. */
function questionsOf(lab: Lab, { site }: Scenario) {
  if (!(lab instanceof ContainerLab)) throw new Error('bug: gates are asked in labs of containers only');
  return questions(lab.shells(), {
    volume: site.volume.name,
    waivers: waiversOf(site),
    gates: [MATRIX_GATE, MATRIX_GATE_DEEP, HEALED],
    imagesOf: ({ profile }) => (profile === 'deep' ? ['images/900/*'] : undefined),
    site: {
      mayStop: site.routers.map(({ vmid }) => vmid),
      routers: { guests: site.routers, addresses: lab.sharedAddresses() },
    },
  });
}
