/** `healproof replay`: plays stories in labs, one after another, and says how each ended. */
import { appendFileSync, existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { prepareKit, readEscalation, withOwnAlerting } from '../../lab/index.ts';
import type { KitFacts } from '../../lab/index.ts';
import { compareRuns, tableText } from '../../reports/index.ts';
import type { Comparison, RunResult } from '../../reports/index.ts';
import { allureReporter, makeReport, publishComparison } from '../../reports/allure/index.ts';
import { headCommit } from '../commit.ts';
import { driveVitest } from './drive.ts';
import { PROGRESS, takeFolderIn, takeNamed } from './folder.ts';
import { follow } from './follow.ts';
import { removalAt, removeLabsOf } from './removal.ts';
import { readResults } from './results.ts';
import { mustBeStories, pathsOf } from './stories.ts';

export interface ReplayOptions {
  /** Ids of stories, or parts of them; none = the five nights. */
  readonly stories: readonly string[];
  readonly variants?: boolean;
  readonly json?: boolean;
  /** What runs the routers, in place of the best that this machine can. */
  readonly guests?: 'kvm' | 'tcg' | 'modelled';
  readonly out?: string;
  readonly report: boolean;
  /** The operator's own escalation policy and people. */
  readonly escalation?: string;
  /** The operator's own folder of alert rules, and Alertmanager's configuration. */
  readonly alertRules?: string;
  readonly alertmanager?: string;
  /** The operator's own gate: a shell script, for the stories `own-gate`. */
  readonly gate?: string;
}

/** As expected, not as expected, not known, could not run; 130 when interrupted. */
export const EXIT = { asExpected: 0, different: 1, unknown: 2, couldNotRun: 3, interrupted: 130 } as const;

const ROOT = resolve(import.meta.dirname, '../..');
const told = (line: string): void => void process.stderr.write(`${line}\n`);

export interface Played {
  readonly results: readonly RunResult[];
  readonly out: string;
  readonly comparisons: readonly Comparison[];
  /** The Allure report's page, when one was made. */
  readonly report: string | null;
  readonly interrupted: boolean;
  /** Files of stories that vitest knew of, played or not. */
  readonly planned: number;
}

const withGuests = (kit: KitFacts, guests: ReplayOptions['guests']): KitFacts =>
  guests === undefined ? kit : { ...kit, guests, accelerator: `${guests}: asked for with --guests` };

/** Plays and reports; the caller prints. */
export async function play(options: ReplayOptions): Promise<Played> {
  mustBeStories(options.stories);
  useEscalation(options.escalation);
  useGate(options.gate);
  const kit = await withOwnAlerting(
    withGuests(await prepareKit({ say: told }), options.guests),
    options,
    told,
  );
  const out =
    options.out === undefined ? takeFolderIn(join(ROOT, 'reports/out'), new Date()) : takeNamed(options.out);
  process.env['HEALPROOF_KIT'] = JSON.stringify(kit);
  process.env['HEALPROOF_OUT'] = out;
  process.env['HEALPROOF_COMMIT'] = headCommit();
  const progress = join(out, PROGRESS);
  appendFileSync(progress, '');
  told(`Evidence goes to ${relative(process.cwd(), out) || '.'}; guests run on ${kit.accelerator}`);
  const followed = follow(progress, (text) => process.stderr.write(text));
  const resultsDir = join(out, 'allure-results');
  const [reporter, settings] = allureReporter(resultsDir, {
    GlusterFS: kit.glusterfs,
    commit: process.env['HEALPROOF_COMMIT'] ?? 'unknown',
    engine: `Docker ${kit.engineVersion}, cgroup v${kit.cgroupVersion}`,
    guests: kit.guests,
  });
  const { planned, interrupted } = await driveVitest({
    project: 'nights',
    filters: filtersOf(options),
    reporters: [[reporter, { ...settings }]],
    say: told,
  });
  await followed.end();
  if (interrupted) await removeLabsOf(out, removalAt(kit.host), told);
  const results = readResults(out);
  const comparisons = compare(results, out, resultsDir);
  const report =
    options.report && results.length > 0 ? await reportOf(resultsDir, join(out, 'report')) : null;
  return { results, comparisons, out, report, interrupted, planned };
}

/** A picture that fails must not take the results with it. */
function compare(results: readonly RunResult[], out: string, resultsDir: string): readonly Comparison[] {
  try {
    const comparisons = compareRuns(
      results.map(({ bundle }) => bundle),
      out,
    );
    for (const comparison of comparisons) publishComparison(comparison, resultsDir);
    return comparisons;
  } catch (error) {
    told(`The runs could not be compared: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}

/** Read here once, so that a wrong path fails before any lab is built. */
function useGate(path: string | undefined): void {
  if (path === undefined) return;
  if (!existsSync(path))
    throw new Error(`--gate ${path}: there is no such file; give a shell script that ends with 0 for "go"`);
  process.env['HEALPROOF_GATE'] = resolve(path);
}

/** Read before anything is built, so that a mistake in it costs nothing. Stories are played in this process and read it again. */
function useEscalation(path: string | undefined): void {
  if (path === undefined) return;
  const { policy, people } = readEscalation(path);
  process.env['HEALPROOF_ESCALATION'] = resolve(path);
  told(`People are those of ${path}: policy ${policy.name}, ${people.map(({ name }) => name).join(', ')}`);
}

async function reportOf(resultsDir: string, outDir: string): Promise<string | null> {
  try {
    return await makeReport(resultsDir, outDir);
  } catch (error) {
    told(`The Allure report could not be made: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

const filtersOf = ({ stories, variants }: ReplayOptions): readonly string[] =>
  stories.length > 0
    ? pathsOf(stories)
    : ['scenarios/nights/', ...(variants === true ? ['scenarios/variants/'] : [])];

export function exitCodeOf({
  results,
  interrupted,
  planned,
}: Pick<Played, 'results' | 'interrupted' | 'planned'>): number {
  if (interrupted) return EXIT.interrupted;
  if (results.length === 0 || results.length < planned) return EXIT.couldNotRun;
  const unexpected = results.filter(({ asExpected }) => !asExpected);
  if (unexpected.length === 0) return EXIT.asExpected;
  // What one run has proven is not hidden by another that could not be judged.
  return unexpected.every(({ verdict }) => verdict === 'unknown') ? EXIT.unknown : EXIT.different;
}

export function print(played: Played, json: boolean): void {
  if (json) {
    process.stdout.write(
      `${JSON.stringify(
        {
          runs: played.results,
          report: played.report,
          comparisons: played.comparisons.map(({ title, svg, png }) => ({ title, svg, png })),
        },
        undefined,
        2,
      )}\n`,
    );
    return;
  }
  const colour = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;
  process.stdout.write(
    `\n${tableText(played.results, { columns: process.stdout.columns ?? 100, colour })}\n`,
  );
  for (const { text, png } of played.comparisons)
    process.stdout.write(
      `\n${text(process.stdout.columns ?? 100)}\nPicture: ${relative(process.cwd(), png)}\n`,
    );
  if (played.report !== null) process.stdout.write(`\nReport: ${relative(process.cwd(), played.report)}\n`);
}

export async function replay(options: ReplayOptions): Promise<number> {
  const played = await play(options);
  print(played, options.json === true);
  return exitCodeOf(played);
}
