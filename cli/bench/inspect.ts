/** `healproof bench --inspect`: how long bricks take to be judged, and in how much memory. */
import { spawnSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { resolve } from 'node:path';
import { benchCollected, withBricks } from '../../lab/collected/index.ts';
import type { InspectBench } from '../../lab/collected/index.ts';
import { median } from './median.ts';

interface Limit {
  readonly files: number;
  readonly cpuSeconds?: number;
  readonly megabytes?: number;
}

/** Ten times the files must not take ten times the memory: it is bounded by what is decoded at once. */
const LIMITS: readonly Limit[] = [
  { files: 10_000, cpuSeconds: 2 },
  { files: 100_000, megabytes: 1024 },
  { files: 1_000_000, megabytes: 1024 },
];

/** What of a measurement is over its limit, in words. */
export function over({ cpuMs, peakMB }: InspectBench, { cpuSeconds, megabytes }: Limit): readonly string[] {
  return [
    ...(cpuSeconds !== undefined && cpuMs > cpuSeconds * 1000 ? [`over ${cpuSeconds} s`] : []),
    ...(megabytes !== undefined && peakMB > megabytes ? [`over ${megabytes} MB`] : []),
  ];
}

const LAUNCHER = resolve(import.meta.dirname, '../../healproof');
const RUNS = 5;
const WHOLE = { files: 10_000, seconds: 2 } as const;

export interface WholeCommand {
  readonly files: number;
  readonly runs: number;
  /** By the clock, from the launcher to the last line. */
  readonly medianSeconds: number;
  readonly maxSeconds: number;
}

/** What a person waits for: starting up, reading, judging, printing. */
function wholeCommand(): WholeCommand {
  const seconds = withBricks(WHOLE.files, (bricks) =>
    Array.from({ length: RUNS }, () => {
      const began = performance.now();
      const words = ['inspect', ...bricks.map(({ name, where }) => `${name}=${where}`)];
      const { status, stderr } = spawnSync(LAUNCHER, words, { encoding: 'utf8', maxBuffer: 1 << 28 });
      // Some of them are accused: 1 is the answer.
      if (status !== 1) throw new Error(`healproof inspect ended with ${status}: ${stderr}`);
      return (performance.now() - began) / 1000;
    }),
  );
  return {
    files: WHOLE.files,
    runs: RUNS,
    medianSeconds: median(seconds),
    maxSeconds: Math.max(...seconds),
  };
}

const wholeText = ({ files, runs, medianSeconds, maxSeconds }: WholeCommand, late: boolean): string =>
  `${files.toLocaleString('en').padStart(9)} files on three bricks, the whole command: ${medianSeconds.toFixed(2)} s by the clock (median of ${runs}, longest ${maxSeconds.toFixed(2)} s)${late ? `  over ${WHOLE.seconds} s` : ''}\n`;

/** 1 when something is over its limit. Judging alone is limited in processor time, the whole command by the clock, on a machine that does nothing else. */
export function benchInspect({ json }: { json?: boolean }): number {
  const machine = `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}`;
  if (json !== true) process.stdout.write(`${machine}\n`);
  const whole = wholeCommand();
  const late = whole.medianSeconds > WHOLE.seconds;
  if (json !== true) process.stdout.write(wholeText(whole, late));
  const rows = LIMITS.map((limit) => {
    const row = benchCollected(limit.files);
    const exceeded = over(row, limit);
    if (json !== true)
      process.stdout.write(
        `${limit.files.toLocaleString('en').padStart(9)} files on three bricks: ${(row.cpuMs / 1000).toFixed(1)} s of processor time, ${(row.ms / 1000).toFixed(1)} s by the clock, ${row.peakMB} MB at most${exceeded.length === 0 ? '' : `  ${exceeded.join(', ')}`}\n`,
      );
    return { ...row, over: exceeded };
  });
  if (json === true) process.stdout.write(`${JSON.stringify({ machine, whole, rows }, undefined, 2)}\n`);
  return !late && rows.every((row) => row.over.length === 0) ? 0 : 1;
}
