/** `healproof bench`: how long a lab takes to be ready, what it needs, and how long the nights take. Medians, with the machine. */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { Live, servicePending, until, volumePending } from '../../harness/index.ts';
import { kitFrom, labOpener, memoryOfRun, prepareKit, realClock } from '../../lab/index.ts';
import type { KitFacts } from '../../lab/index.ts';
import { openJournal } from '../../reports/index.ts';
import { site } from '../../scenarios/index.ts';
import { play } from '../replay/replay.ts';

export interface BenchOptions {
  readonly runs: number;
  /** Also play the five nights, once. */
  readonly nights?: boolean;
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

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = Number.NaN, high = Number.NaN] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
  return (low + high) / 2;
}

const FIGURES = [
  ['lab ready, s', 'readySeconds', 25],
  ['memory of one lab, MiB', 'memoryMiB', 1536],
  ['lab gone, s', 'closeSeconds', undefined],
] as const;

export async function benchCommand({ runs, nights, json }: BenchOptions): Promise<number> {
  const facts = await prepareKit({ say: (line) => void process.stderr.write(`${line}\n`) });
  const samples: Sample[] = [];
  for (let at = 0; at < runs; at += 1) {
    samples.push(await once(facts, at));
    process.stderr.write(
      `run ${at + 1} of ${runs}: ready after ${samples.at(-1)?.readySeconds.toFixed(1)} s\n`,
    );
  }
  const machine = `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${(totalmem() / 2 ** 30).toFixed(0)} GiB, engine ${facts.engineVersion}, cgroup v${facts.cgroupVersion}, ${facts.accelerator.slice(0, 3)}`;
  const rows = FIGURES.map(([name, key, limit]) => {
    const values = samples.map((sample) => sample[key]);
    return { name, median: median(values), min: Math.min(...values), max: Math.max(...values), limit };
  });
  const played = nights === true ? await play({ stories: [], report: false }) : undefined;
  const durations =
    played?.results.map(({ scenario, durationSeconds }) => ({ scenario, durationSeconds })) ?? [];
  if (json === true)
    process.stdout.write(`${JSON.stringify({ machine, runs, rows, nights: durations }, undefined, 2)}\n`);
  else {
    process.stdout.write(`${machine}; ${runs} runs\n`);
    for (const { name, median: middle, min, max, limit } of rows)
      process.stdout.write(
        `${name.padEnd(24)} median ${middle.toFixed(1)}  (${min.toFixed(1)} to ${max.toFixed(1)})${limit === undefined ? '' : `  limit ${limit}`}\n`,
      );
    for (const { scenario, durationSeconds } of durations)
      process.stdout.write(`${scenario.padEnd(24)} ${durationSeconds.toFixed(1)} s\n`);
  }
  return rows.every(({ median: middle, limit }) => limit === undefined || middle <= limit) ? 0 : 1;
}
