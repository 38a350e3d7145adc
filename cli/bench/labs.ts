/** `healproof bench`: how long a lab takes to be ready, what it needs, and how long the nights take. Medians, with the machine. */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { Live, servicePending, until, volumePending } from '../../harness/index.ts';
import { kitFrom, labOpener, memoryOfRun, prepareKit, realClock } from '../../lab/index.ts';
import type { KitFacts } from '../../lab/index.ts';
import { openJournal } from '../../reports/index.ts';
import { site } from '../../scenarios/index.ts';
import { median } from './median.ts';
import { play } from '../replay/replay.ts';

export interface BenchOptions {
  readonly runs: number;
  /** How often the five nights are played, too. */
  readonly nights: number;
  readonly json?: boolean;
}

interface Sample {
  readonly readySeconds: number;
  readonly memoryMiB: number;
  readonly closeSeconds: number;
}

const READY_MS = 120_000;
const secondsSince = (began: number): number => (performance.now() - began) / 1000;

/** Opens one lab, waits until everything is green, and takes it down. */
async function once(facts: KitFacts, at: number): Promise<Sample> {
  const dir = mkdtempSync(join(tmpdir(), 'healproof-bench-'));
  try {
    const run = `bench${process.pid.toString(36)}${at}`;
    const beganMs = Date.now();
    const began = performance.now();
    const kit = kitFrom(facts, () => dir);
    using journal = openJournal(join(dir, 'history.ndjson'), { beganMs });
    const live = new Live(journal);
    const { signal } = new AbortController();
    const spec = site({ layout: 'replica-3', options: 'virt' });
    const lab = await labOpener(kit, beganMs)(spec, run, live, signal);
    let closing = 0;
    try {
      const nowMs = () => Date.now() - beganMs;
      const pending = () =>
        [...volumePending(spec, live, nowMs()), ...servicePending(spec, live, nowMs())][0];
      const waited = await until(realClock, pending, { withinMs: READY_MS, everyMs: 50, signal });
      if (waited.kind === 'late')
        throw new Error(`the lab was not ready within ${READY_MS / 1000} s: ${waited.pending}`);
      const readySeconds = secondsSince(began);
      const memoryMiB = await memoryOfRun(kit.engine, run);
      closing = performance.now();
      await lab[Symbol.asyncDispose]();
      return { readySeconds, memoryMiB, closeSeconds: secondsSince(closing) };
    } finally {
      if (closing === 0) await lab[Symbol.asyncDispose]();
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

interface Row {
  readonly name: string;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly limit?: number;
}

const rowOf = (name: string, values: readonly number[], limit?: number): Row => ({
  name,
  median: median(values),
  min: Math.min(...values),
  max: Math.max(...values),
  ...(limit === undefined ? {} : { limit }),
});

const INCIDENT = 'fixed-delay-replica-2';
const INCIDENT_LIMIT_S = 120;
const NIGHTS_LIMIT_S = 540;

/** A row per night, and one for all of them together. */
export function nightRows(rounds: readonly Round[]): readonly Row[] {
  const nights = [...new Set(rounds.flatMap((round) => Object.keys(round)))];
  return [
    ...nights.map((night) =>
      rowOf(
        `${night}, s`,
        rounds.map((round) => round[night] ?? Number.NaN),
        night === INCIDENT ? INCIDENT_LIMIT_S : undefined,
      ),
    ),
    rowOf(
      'all nights, s',
      rounds.map((round) => Object.values(round).reduce((sum, seconds) => sum + seconds, 0)),
      NIGHTS_LIMIT_S,
    ),
  ];
}

/** Seconds that each night took in one round. */
type Round = Readonly<Record<string, number>>;

/** @throws when a night did not end as expected: how long it took then says nothing. */
async function playRounds(rounds: number): Promise<readonly Row[]> {
  const played: Round[] = [];
  for (let at = 0; at < rounds; at += 1) {
    const { results, planned } = await play({ stories: [], report: false });
    const wrong = results.filter(({ asExpected }) => !asExpected);
    if (results.length < planned || wrong.length > 0)
      throw new Error(
        `round ${at + 1} of the nights can't be counted: ${wrong.map(({ scenario, because }) => `${scenario}: ${because}`).join('; ') || 'not all were played'}`,
      );
    played.push(
      Object.fromEntries(results.map(({ scenario, durationSeconds }) => [scenario, durationSeconds])),
    );
  }
  return nightRows(played);
}

export async function benchLabs({ runs, nights, json }: BenchOptions): Promise<number> {
  const facts = await prepareKit({ say: (line) => void process.stderr.write(`${line}\n`) });
  const samples: Sample[] = [];
  for (let at = 0; at < runs; at += 1) {
    samples.push(await once(facts, at));
    process.stderr.write(
      `run ${at + 1} of ${runs}: ready after ${samples.at(-1)?.readySeconds.toFixed(1)} s\n`,
    );
  }
  const machine = `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${(totalmem() / 2 ** 30).toFixed(0)} GiB, engine ${facts.engineVersion}, cgroup v${facts.cgroupVersion}, ${facts.accelerator.slice(0, 3)}`;
  const rows = [
    ...FIGURES.map(([name, key, limit]) =>
      rowOf(
        name,
        samples.map((sample) => sample[key]),
        limit,
      ),
    ),
    ...(nights > 0 ? await playRounds(nights) : []),
  ];
  process.stdout.write(
    json === true
      ? `${JSON.stringify({ machine, runs, nights, rows }, undefined, 2)}\n`
      : `${machine}; ${runs} labs, ${nights} rounds of nights\n${rows.map(lineOf).join('')}`,
  );
  return rows.every(isWithin) ? 0 : 1;
}

const FIGURES = [
  ['lab ready, s', 'readySeconds', 25],
  ['memory of one lab, MiB', 'memoryMiB', 1536],
  ['lab gone, s', 'closeSeconds', undefined],
] as const;

const isWithin = ({ median: middle, limit }: Row): boolean => limit === undefined || middle <= limit;

const lineOf = (row: Row): string =>
  `${row.name.padEnd(28)} median ${row.median.toFixed(1)}  (${row.min.toFixed(1)} to ${row.max.toFixed(1)})${row.limit === undefined ? '' : `  limit ${row.limit}${isWithin(row) ? '' : '  OVER'}`}\n`;
