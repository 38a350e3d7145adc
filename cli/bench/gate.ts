/**
 * `healproof bench --gate`: how long the fast gate takes to answer with so many files to heal, beside `heal info` on the same volume at the
 * same moment. The gate is the command as a person types it: a process of its own, SSH to three nodes, all the looks an answer needs.
 */
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { Shell } from '../../harness/index.ts';
import { runCommand } from '../../lab/index.ts';
import { median } from './median.ts';
import { benchLab, metOverSsh, printed } from './lab.ts';

const PENDING = [0, 100, 1000, 5000, 10_000] as const;
const RUNS = 5;
/** A fast answer has to come within it, up to so many entries. */
const LIMIT_MS = 2000;
const LIMIT_UP_TO = 5000;
const FOLDER = '/mnt/pve/vmstore/bench';
const INDEX = '/bricks/vmstore/brick/.glusterfs/indices/xattrop';
const MAIN = resolve(import.meta.dirname, '../main.ts');

export interface GateRow {
  /** Names in the index of a good brick. */
  readonly pending: number;
  readonly healInfoMs: readonly number[];
  /** The whole command: process, SSH, looks. */
  readonly gateMs: readonly number[];
  /** Of that, from the first look to the answer: what a loop that stays connected waits for. */
  readonly looksMs: readonly number[];
  /** What it answered, each time the same. */
  readonly answer: string;
}

/** 1 when a fast answer was late. */
export async function benchGate({ json }: { json?: boolean }): Promise<number> {
  const { signal } = new AbortController();
  await using bench = await benchLab('gate', signal, false);
  const config = join(await metOverSsh(bench), 'config');
  const [good, away] = bench.lab.shells();
  if (good === undefined || away === undefined) throw new Error('bug: a lab without nodes');
  const rows: GateRow[] = [];
  for (const pending of PENDING) {
    if (pending > 0) await backlogOf(pending, good, away);
    rows.push(await measured(config, good));
    process.stderr.write(`${pending} entries: measured\n`);
  }
  const machine = `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}) for three nodes and the gate, GlusterFS 10.3, ${RUNS} runs each`;
  process.stdout.write(
    json === true
      ? `${JSON.stringify({ machine, rows: rows.map(plain) }, undefined, 2)}\n`
      : textOf(machine, rows),
  );
  return rows.some(isLate) ? 1 : 0;
}

/** Files that are created while one brick is down; nothing heals them. */
async function backlogOf(pending: number, good: Shell, away: Shell): Promise<void> {
  await printed(
    good,
    'gluster --mode=script volume set vmstore cluster.self-heal-daemon off >/dev/null && mkdir -p ' + FOLDER,
  );
  await printed(
    away,
    'pkill -KILL -x glusterfsd; for i in $(seq 50); do pgrep -x glusterfsd >/dev/null || exit 0; sleep 0.1; done; exit 1',
  );
  // The folder itself is one entry.
  await printed(
    good,
    `python3 -c 'import os
for at in range(${pending - 1}): os.close(os.open("${FOLDER}/%d" % at, os.O_CREAT | os.O_WRONLY))'`,
    300_000,
  );
  await printed(
    good,
    `for i in $(seq 150); do n=$(find ${INDEX} -mindepth 1 ! -name 'xattrop-*' | wc -l); [ $n -lt ${pending} ] || exit 0; sleep 0.2; done; echo "only $n are listed" >&2; exit 1`,
    60_000,
  );
}

async function measured(config: string, good: Shell): Promise<GateRow> {
  const pending = Number(await printed(good, `find ${INDEX} -mindepth 1 ! -name 'xattrop-*' | wc -l`));
  const healInfoMs: number[] = [];
  const gateMs: number[] = [];
  const looksMs: number[] = [];
  const answers = new Set<string>();
  // In turn, so that what drifts drifts for both.
  for (let run = 0; run < RUNS; run += 1) {
    healInfoMs.push(await healInfo(good));
    const { tookMs, lookedMs, answer } = await askGate(config);
    gateMs.push(tookMs);
    looksMs.push(lookedMs);
    answers.add(answer);
  }
  return { pending, healInfoMs, gateMs, looksMs, answer: [...answers].join(', ') };
}

/** By the node’s own clock. */
async function healInfo(good: Shell): Promise<number> {
  const line =
    'a=$(date +%s%N); gluster volume heal vmstore info >/dev/null || exit 1; echo $((($(date +%s%N) - a) / 1000000))';
  return Number(await printed(good, line, 120_000));
}

const SAID = z.object({ tookMs: z.number() });
const VERDICTS: Readonly<Record<string, string>> = { 0: 'open', 1: 'held', 2: 'refused' };

async function askGate(
  config: string,
): Promise<{ readonly tookMs: number; readonly lookedMs: number; readonly answer: string }> {
  const began = performance.now();
  const { code, stdout, stderr } = await runCommand(
    [
      process.execPath,
      MAIN,
      'gate',
      '--hosts',
      'pve1,pve2,pve3',
      '--ssh-config',
      config,
      '--node',
      'pve1',
      '--profile',
      'fast',
      '--json',
    ],
    { limitMs: 120_000 },
  );
  const tookMs = performance.now() - began;
  const answer = VERDICTS[String(code)];
  if (answer === undefined) throw new Error(`the gate ended with ${code}: ${stdout}${stderr}`);
  const { tookMs: lookedMs } = SAID.parse(JSON.parse(stdout));
  return { tookMs, lookedMs, answer };
}

const isLate = ({ pending, gateMs }: GateRow): boolean =>
  pending <= LIMIT_UP_TO + 100 && median(gateMs) >= LIMIT_MS;

const plain = (row: GateRow): object => ({
  pending: row.pending,
  healInfoMs: Math.round(median(row.healInfoMs)),
  gateMs: Math.round(median(row.gateMs)),
  looksMs: Math.round(median(row.looksMs)),
  answer: row.answer,
  runs: { healInfoMs: row.healInfoMs, gateMs: row.gateMs.map(Math.round), looksMs: row.looksMs },
  late: isLate(row),
});

const range = (values: readonly number[]): string => {
  const s = (ms: number): string => (ms / 1000).toFixed(2);
  return `${s(median(values)).padStart(6)} (${s(Math.min(...values))} to ${s(Math.max(...values))})`;
};

export function textOf(machine: string, rows: readonly GateRow[]): string {
  return [
    machine,
    'seconds, median (least to most)',
    `${'to heal'.padStart(8)}  ${'heal info'.padEnd(24)}  ${'gate --profile fast'.padEnd(24)}  ${'of that, its looks'.padEnd(24)}  answer`,
    ...rows.map((row) =>
      `${String(row.pending).padStart(8)}  ${range(row.healInfoMs).padEnd(24)}  ${range(row.gateMs).padEnd(24)}  ${range(row.looksMs).padEnd(24)}  ${row.answer}${isLate(row) ? `  over ${LIMIT_MS / 1000} s` : ''}`.trimEnd(),
    ),
    '',
  ].join('\n');
}
