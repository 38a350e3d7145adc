/** `healproof test`: everything there is to check, with real counts at the end. */
import { join } from 'node:path';
import { prepareKit } from '../../lab/index.ts';
import { runSteps } from '../check/run.ts';
import type { StepResult } from '../check/run.ts';
import { STEPS } from '../check/steps.ts';
import { driveVitest } from '../replay/drive.ts';
import { play, print } from '../replay/replay.ts';
import { NIGHTLY_STORIES } from '../../scenarios/index.ts';
import { lines, lookAtAll } from '../track-record/index.ts';
import type { Sight } from '../track-record/index.ts';

const CHECK_LIMIT_MS = 300_000;
const ROOT = join(import.meta.dirname, '../..');
const say = (line: string): void => void process.stdout.write(`${line}\n`);

interface Counts {
  readonly passed: number;
  readonly failed: number;
  /** What failed, one line each: said once more where a reader of the end of a long log finds it. */
  readonly failures: readonly string[];
}

const NOTHING: Counts = { passed: 0, failed: 0, failures: [] };

const added = (one: Counts, other: Counts): Counts => ({
  passed: one.passed + other.passed,
  failed: one.failed + other.failed,
  failures: [...one.failures, ...other.failures],
});

/** 0 when nothing failed. A night that ended otherwise than expected, or did not end, is a failed test. */
export async function testAll({ nights, all = false }: { nights: boolean; all?: boolean }): Promise<number> {
  const counts = [
    await checks(),
    ...(nights ? [await labTests(all ? [] : EVERY_TIME), await theNights(all)] : []),
  ];
  const { passed, failed, failures } = counts.reduce(added, NOTHING);
  if (failures.length > 0) say('');
  for (const failure of failures) say(`failed: ${failure}`);
  say(`\ntests: ${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

async function checks(): Promise<Counts> {
  const steps = await runSteps(STEPS, {
    root: ROOT,
    limitMs: CHECK_LIMIT_MS,
    told: ({ name, ok, tookMs, summary }) =>
      say(
        `${ok ? 'ok    ' : 'FAILED'}  ${name.padEnd(7)} ${(tookMs / 1000).toFixed(1).padStart(6)} s  ${summary}`,
      ),
  });
  for (const { ok, name, output } of steps) if (!ok) say(`\n---- ${name}\n${output}`);
  return steps.map(countsOf).reduce(added, NOTHING);
}

/** A test run that fails without a failed test (no test found, a crash) must not count as passed. */
function countsOf({ name, ok, tests }: StepResult): Counts {
  if (ok) return { ...NOTHING, passed: tests?.passed ?? 1 };
  const known = tests?.failures ?? [];
  return {
    passed: tests?.passed ?? 0,
    failed: Math.max(tests?.failed ?? 0, 1),
    failures: known.length > 0 ? known : [`the check ${name}`],
  };
}

/** Tests of the lab itself that every run of all tests has; the others take minutes each, and the nightly run has them. */
const EVERY_TIME = ['cli/replay/', 'scenarios/', 'reports/', 'lab/open-lab'] as const;

/** Tests of the lab itself, on the engine. */
async function labTests(filters: readonly string[]): Promise<Counts> {
  process.env['HEALPROOF_KIT'] = JSON.stringify(await prepareKit({ say }));
  say('\ntests of the lab:');
  const driven = await driveVitest({ project: 'lab', filters, reporters: ['default'], say });
  const broken = driven.passed + driven.notPassed === 0 || driven.interrupted;
  return {
    passed: driven.passed,
    failed: broken ? Math.max(driven.notPassed, 1) : driven.notPassed,
    failures: [
      ...driven.tests.filter(({ state }) => state !== 'passed').map(({ name }) => name),
      ...(broken ? ['the tests of the lab did not come to their end'] : []),
    ],
  };
}

/** The five nights; with `all` those stories, too, that show a known outage and are not among them. */
async function theNights(all: boolean): Promise<Counts> {
  const stories = all ? ['scenarios/nights/', ...NIGHTLY_STORIES] : [];
  const played = await play({ stories, report: true });
  print(played, false);
  const unexpected = played.results.filter(({ asExpected }) => !asExpected);
  const good = played.results.length - unexpected.length;
  const failed = Math.max(played.planned, 1) - good;
  const nights = {
    passed: good,
    failed,
    failures: [
      ...unexpected.map(({ scenario, notes }) => `${scenario}: ${notes.join('; ')}`),
      ...(failed > unexpected.length ? [`${failed - unexpected.length} of the stories left no result`] : []),
    ],
  };
  return added(nights, await knownOutages(played.out, all));
}

/** What is known must show: else the lab or an oracle has gone blind. */
async function knownOutages(out: string, all: boolean): Promise<Counts> {
  const sights = await lookAtAll([out], say);
  say('');
  for (const line of lines(sights, {})) say(line);
  return knownCounts(sights, all);
}

/** What should have been played and was not has not been seen. */
export function knownCounts(sights: readonly Sight[], all: boolean): Counts {
  const blind = sights.filter(
    ({ kind, known }) =>
      kind === 'gone' ||
      (kind === 'not-played' && known.by === 'story' && (all || known.played === 'every time')),
  );
  return {
    passed: sights.filter(({ kind }) => kind === 'reproduced').length,
    failed: blind.length,
    failures: blind.map(
      ({ known, kind }) => `${known.id}: ${kind === 'gone' ? 'no longer shows' : 'was not played'}`,
    ),
  };
}
