/**
 * `healproof bench --gate-cost`: does a gate that is asked cost a writer anything? A steady writer in a lab, blocks with and without the
 * gate in turn, judged against what two blocks without it differ by.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { costOf, HEALED, Live, node, until, volumePending } from '../../harness/index.ts';
import type { Block, Cost, Shell } from '../../harness/index.ts';
import { gateKeeper, kitFrom, labOpener, prepareKit, realClock } from '../../lab/index.ts';
import type { ContainerLab } from '../../lab/index.ts';
import { openJournal } from '../../reports/index.ts';
import { site } from '../../scenarios/index.ts';

export interface GateCostOptions {
  /** Seconds between two questions. */
  readonly askEvery: number;
  readonly json?: boolean;
}

const BLOCKS = 16;
const BLOCK_MS = 8000;
/** When two blocks without the gate differ by more than that, a cost would not be seen. */
const MOST_NOISE_MS = 60;
const READY_MS = 60_000;
const EXIT = { 'nothing beyond the noise': 0, costs: 1, 'too noisy to tell': 2 } as const;

/** 4 KiB and an fsync every 20 ms; a line "<epoch ms> <ms>" for each, on the node's own disk. */
const WRITER = `import os, time
f = os.open("/mnt/pve/vmstore/images/900/steady.raw", os.O_CREAT | os.O_RDWR)
with open("/run/healproof/latency", "w", buffering=1) as log:
    at = 0
    while True:
        began = time.monotonic()
        os.pwrite(f, os.urandom(4096), at % 1024 * 4096); os.fsync(f)
        took = time.monotonic() - began
        log.write(f"{time.time() * 1000:.0f} {took * 1000:.2f}\\n")
        at += 1
        time.sleep(max(0, 0.02 - took))
`;

/** 0 nothing beyond the noise, 1 it costs, 2 too noisy to tell. */
export async function gateCostCommand({ askEvery, json }: GateCostOptions): Promise<number> {
  const facts = await prepareKit({ say: (line) => void process.stderr.write(`${line}\n`) });
  const dir = mkdtempSync(join(tmpdir(), 'healproof-cost-'));
  try {
    const beganMs = Date.now();
    using journal = openJournal(join(dir, 'history.ndjson'), { beganMs });
    const live = new Live(journal);
    const { signal } = new AbortController();
    const spec = {
      ...site({ layout: 'replica-3', options: 'virt', writeEveryMs: 0 }),
      storageMbit: 0,
    };
    const open = labOpener(
      kitFrom(facts, () => dir),
      beganMs,
    );
    await using lab = await open(spec, `cost${process.pid.toString(36)}`, live, signal);
    const pending = () => volumePending(spec, live, Date.now() - beganMs)[0];
    const ready = await until(realClock, pending, { withinMs: READY_MS, everyMs: 200, signal });
    if (ready.kind === 'late') throw new Error(`the lab was not ready: ${ready.pending}`);
    const cost = costOf(await measured(lab, askEvery * 1000, signal), MOST_NOISE_MS);
    process.stdout.write(json === true ? `${JSON.stringify(cost, undefined, 2)}\n` : textOf(cost, askEvery));
    return EXIT[cost.verdict];
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function measured(
  lab: ContainerLab,
  askEveryMs: number,
  signal: AbortSignal,
): Promise<readonly Block[]> {
  const [writer] = lab.shells();
  if (writer === undefined) throw new Error('bug: a lab without nodes');
  const code = Buffer.from(WRITER).toString('base64');
  await printed(
    writer,
    `mkdir -p /mnt/pve/vmstore/images/900 && echo ${code} | base64 -d >/run/healproof/writer.py && systemd-run --unit=healproof-writer python3 /run/healproof/writer.py`,
  );
  const spans: { asked: boolean; fromMs: number; toMs: number }[] = [];
  for (let at = 0; at < BLOCKS; at += 1) {
    const fromMs = Date.now();
    const asked = at % 2 === 1;
    const ask = gateKeeper(lab.shells(), { volume: 'vmstore', waivers: [] });
    while (Date.now() < fromMs + BLOCK_MS) {
      if (asked) await ask(HEALED.name, node('pve2'), signal);
      await realClock.pause(asked ? askEveryMs : fromMs + BLOCK_MS - Date.now(), signal);
    }
    spans.push({ asked, fromMs, toMs: Date.now() });
    process.stderr.write(`block ${at + 1} of ${BLOCKS}, ${asked ? 'with' : 'without'} the gate\n`);
  }
  const writes = (await printed(writer, 'cat /run/healproof/latency'))
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map(Number));
  return spans.map(({ asked, fromMs, toMs }) => ({
    asked,
    writesMs: writes
      .filter(([endMs = 0]) => endMs >= fromMs && endMs < toMs)
      .map(([, tookMs = Number.NaN]) => tookMs),
  }));
}

async function printed(shell: Shell, line: string): Promise<string> {
  const said = await shell.run(line, { limitMs: 20_000 });
  if (said.kind !== 'exited' || said.exitCode !== 0)
    throw new Error(`${shell.node}: «${line.slice(0, 80)}» ${JSON.stringify(said).slice(0, 300)}`);
  return said.stdout;
}

export function textOf(cost: Cost, askEvery: number): string {
  const both = ({ without, asked }: Cost['p99Ms']): string =>
    `${without.toFixed(1).padStart(9)} ${asked.toFixed(1).padStart(9)}`;
  return [
    `a writer with an fsync every 20 ms; gate ${HEALED.name} asked every ${askEvery} s; ${cpus().length} cores for all nodes, load ${loadavg()[0]?.toFixed(1) ?? '?'}`,
    '                  without  with gate',
    `p99, ms         ${both(cost.p99Ms)}`,
    `longest, ms     ${both(cost.longestMs)}`,
    `writes          ${both(cost.writes)}`,
    `difference of the p99 of neighbouring blocks: ${cost.differenceMs.toFixed(1)} ms (median), slower in ${cost.slower} of ${cost.pairs}`,
    `noise: two blocks without the gate differ by ${cost.noiseMs.toFixed(1)} ms (median)`,
    `verdict: ${cost.verdict}`,
    '',
  ].join('\n');
}
