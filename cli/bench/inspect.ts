/** `healproof bench --inspect`: how long bricks take to be judged, and in how much memory. */
import { cpus, totalmem } from 'node:os';
import { benchCollected } from '../../lab/index.ts';
import type { InspectBench } from '../../lab/index.ts';

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

/** 1 when something is over its limit. Limits of time are in processor time. */
export function benchInspect({ json }: { json?: boolean }): number {
  const machine = `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}`;
  if (json !== true) process.stdout.write(`${machine}\n`);
  const rows = LIMITS.map((limit) => {
    const row = benchCollected(limit.files);
    const late = over(row, limit);
    if (json !== true)
      process.stdout.write(
        `${limit.files.toLocaleString('en').padStart(9)} files on three bricks: ${(row.cpuMs / 1000).toFixed(1)} s of processor time, ${(row.ms / 1000).toFixed(1)} s by the clock, ${row.peakMB} MB at most${late.length === 0 ? '' : `  ${late.join(', ')}`}\n`,
      );
    return { ...row, over: late };
  });
  if (json === true) process.stdout.write(`${JSON.stringify({ machine, rows }, undefined, 2)}\n`);
  return rows.every((row) => row.over.length === 0) ? 0 : 1;
}
