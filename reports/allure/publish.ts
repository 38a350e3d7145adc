/** One run as an Allure test: what it was about, a step for each thing that was done, what the oracles said, everything attached. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import * as allure from 'allure-js-commons';
import { Status } from 'allure-js-commons';
import { getGlobalTestRuntime } from 'allure-js-commons/sdk/runtime';
import type { MessageTestRuntime } from 'allure-js-commons/sdk/runtime';
import type { History } from '../../harness/index.ts';
import { readBundle } from '../bundle.ts';
import type { ReadBundle } from '../bundle.ts';
import type { RunResult, VerdictFile } from '../run-result.ts';
import { duration } from '../timeline/text.ts';
import { stepSpans } from '../timeline/states.ts';
import type { StepSpan } from '../timeline/states.ts';

/** To be called inside a vitest test whose run has `allureReporter`. @throws BadBundle, BadHistory, or when no such test is running. */
export async function publishRun(result: RunResult, dir: string): Promise<void> {
  const bundle = readBundle(dir);
  await describe(result, bundle);
  const epochMs = bundle.history.find((event) => event.kind === 'run-began')?.epochMs ?? 0;
  const endMs = bundle.history.reduce((latest, { atMs }) => Math.max(latest, atMs), 0);
  await attach('timeline', bundle.dir, 'timeline.svg');
  for (const span of stepSpans(bundle.history, endMs)) await tellStep(span, epochMs);
  if (bundle.verdict !== undefined) await tellVerdict(bundle.verdict, bundle.history, epochMs + endMs);
  await attach('timeline (PNG)', bundle.dir, 'timeline.png');
  await attach('condition × fault, fault × alert', bundle.dir, 'faults.html');
  await attach('findings and their events', bundle.dir, 'evidence.html');
  await attach('who depends on whom', bundle.dir, 'access.svg');
  await attach('who depends on whom, in every state', bundle.dir, 'access.html');
  for (const name of ['verdict.json', 'backlog.csv', 'run.json', 'history.ndjson']) {
    await attach(name, bundle.dir, name);
  }
  for (const folder of ['snapshots', 'logs']) {
    for (const name of filesBelow(join(bundle.dir, folder))) {
      await attach(join(folder, name), bundle.dir, join(folder, name));
    }
  }
}

async function describe(result: RunResult, { about }: ReadBundle): Promise<void> {
  await allure.epic('The incident');
  await allure.feature(result.procedure);
  await allure.story(result.volume);
  await allure.severity('critical');
  await allure.displayName(about.title);
  const notes = result.notes.map((note) => `- ${note}`).join('\n');
  const expected = result.asExpected ? 'as expected' : `expected: ${result.expected}`;
  await allure.description(
    `${about.why}\n\n**${result.verdict}** (${expected}): ${result.because}\n\n${notes}\n\nRun ${result.id}`,
  );
  await allure.parameter('scenario', result.scenario);
  await allure.parameter('volume', result.volume);
  const seconds = (value: number | null): string => (value === null ? 'not known' : duration(value));
  const count = (value: number | null): string => (value === null ? 'not known' : String(value));
  const measured = {
    verdict: result.verdict,
    expected: result.expected,
    'customer cut off': seconds(result.outageSeconds),
    "on the site's clock": seconds(result.siteOutageSeconds),
    'files in split-brain': count(result.splitBrainFiles),
    'acknowledged writes lost': count(result.lostWrites),
    'first alert after': result.firstAlertSeconds === null ? 'none' : seconds(result.firstAlertSeconds),
    'run took': seconds(result.durationSeconds),
  };
  // Left out of the test's identity, or no run would have a history.
  for (const [name, value] of Object.entries(measured)) {
    await allure.parameter(name, value, { excluded: true });
  }
}

async function tellStep(span: StepSpan, epochMs: number): Promise<void> {
  const proof = { true: ', proven', false: ', NO PROOF', undefined: '' }[`${span.receipt}`];
  const outcome = span.outcome === 'unended' ? 'did not end' : span.outcome;
  await step({
    name: `${span.kind === 'fault' ? 'fault: ' : ''}${span.name} – ${outcome}${proof}`,
    status: span.outcome === 'done' && span.receipt !== false ? Status.PASSED : Status.BROKEN,
    fromMs: epochMs + span.fromMs,
    toMs: epochMs + span.toMs,
    parameters: [
      { name: span.kind === 'fault' ? 'target' : 'command', value: span.hint },
      { name: 'event', value: String(span.seq) },
    ],
  });
}

async function tellVerdict(
  { judgements, expected }: VerdictFile,
  history: History,
  atMs: number,
): Promise<void> {
  for (const { name, verdict, because, findings = [] } of judgements) {
    const due = expected.broken.includes(name);
    const allowed = verdict === 'broken' && !due && expected.mayBreak?.includes(name) === true;
    const good = allowed || (due === (verdict === 'broken') && verdict !== 'unknown');
    const status = good ? Status.PASSED : verdict === 'unknown' ? Status.BROKEN : Status.FAILED;
    const how = allowed ? ', which may be' : due && good ? ', as expected' : '';
    const when = { status, fromMs: atMs, toMs: atMs };
    // A step's name is shown whole; of a parameter only what fits.
    const below = findings.slice(0, FINDINGS).map(({ what, evidence }, i): Told => ({
      ...when,
      name: `${findings.length === 1 ? '' : `${i + 1} of ${findings.length}: `}${what} – ${eventsText(evidence, history)}`,
      parameters: [],
    }));
    await step({ ...when, name: `oracle ${name}: ${verdict}${how} – ${because}`, parameters: [] }, below);
  }
}

/** The others are in verdict.json, and all events in full in the page of findings. */
const FINDINGS = 20;
const EVENTS = 5;

function eventsText(evidence: readonly number[], history: History): string {
  const shown = evidence.slice(0, EVENTS).map((seq) => {
    const event = history[seq];
    return event === undefined ? `#${seq}` : `#${seq} at ${(event.atMs / 1000).toFixed(1)} s`;
  });
  const more = evidence.length > EVENTS ? ` and ${evidence.length - EVENTS} more` : '';
  return `${evidence.length === 1 ? 'event' : 'events'} ${shown.join(', ')}${more}`;
}

interface Told {
  readonly name: string;
  readonly status: Status;
  readonly fromMs: number;
  readonly toMs: number;
  readonly parameters: { name: string; value: string }[];
}

// By its shape: allure-vitest may hold a class of its own.
const takesMessages = (runtime: object): runtime is MessageTestRuntime => 'sendMessage' in runtime;

/** A step with the times at which it really happened, which Allure's own `step` can't have. */
async function step(
  { name, status, fromMs, toMs, parameters }: Told,
  below: readonly Told[] = [],
): Promise<void> {
  const runtime = getGlobalTestRuntime();
  if (!takesMessages(runtime)) {
    throw new Error(
      "can't publish a run: no vitest test with Allure's reporter is running; give vitest `allureReporter`",
    );
  }
  await runtime.sendMessage({ type: 'step_start', data: { name, start: fromMs } });
  await runtime.sendMessage({ type: 'step_metadata', data: { parameters } });
  for (const one of below) await step(one);
  await runtime.sendMessage({ type: 'step_stop', data: { status, stop: toMs } });
}

const TYPES: Readonly<Record<string, string>> = {
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.csv': 'text/csv',
  '.html': 'text/html',
  '.json': 'application/json',
};
/** The whole report is one file that a browser must load; what is longer is in the bundle. */
const MOST_BYTES = 4 << 20;

async function attach(name: string, dir: string, file: string): Promise<void> {
  const path = join(dir, file);
  if (!existsSync(path)) return;
  const content = readFileSync(path);
  const type = TYPES[extname(file)] ?? 'text/plain';
  if (content.length === 0) return;
  if (content.length <= MOST_BYTES) return allure.attachment(name, content, type);
  const size = `${Math.ceil(content.length / (1 << 20))} MiB`;
  const end = content.subarray(content.length - MOST_BYTES);
  await allure.attachment(
    `${name} (the last 4 MiB of ${size}; all of it is in the bundle)`,
    end,
    'text/plain',
  );
}

const filesBelow = (dir: string): readonly string[] =>
  existsSync(dir)
    ? readdirSync(dir, { recursive: true, encoding: 'utf8' })
        .filter((name) => statSync(join(dir, name)).isFile())
        .sort()
    : [];
