/**
 * `healproof bench --gate-cost`: does a gate that is asked cost a writer anything? A steady writer in a lab, blocks with and without the
 * gate in turn, judged against what two blocks without it differ by.
 */
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { costOf, HEALED, node } from '../../harness/index.ts';
import type { Block, Cost, Shell } from '../../harness/index.ts';
import { gateKeeper, openSite, realClock } from '../../lab/index.ts';
import type { ContainerLab } from '../../lab/index.ts';
import { benchLab, metOverSsh, printed } from './lab.ts';

export interface GateCostOptions {
  /** Seconds between two questions. */
  readonly askEvery: number;
  readonly json?: boolean;
}

const BLOCKS = 16;
const BLOCK_MS = 8000;
/** When two blocks without the gate differ by more than that, a cost would not be seen. */
const MOST_NOISE_MS = 60;
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

/** What the gate has to audit: two VM images of four shards each. */
const IMAGES =
  'for n in 901 902; do mkdir -p /mnt/pve/vmstore/images/$n && dd if=/dev/zero of=/mnt/pve/vmstore/images/$n/disk.raw bs=1M count=64 conv=fsync status=none || exit 1; done';

/** 0 nothing beyond the noise, 1 it costs, 2 too noisy to tell. */
export async function gateCostCommand({ askEvery, json }: GateCostOptions): Promise<number> {
  const { signal } = new AbortController();
  await using bench = await benchLab('cost', signal, true);
  const { lab } = bench;
  // Over SSH, as on a real cluster: the engine's way into a container is three processes of its own for each command.
  const ssh = await metOverSsh(bench);
  await using site = openSite({ hosts: lab.spec.nodes, sshConfig: join(ssh, 'config') });
  const cost = costOf(await measured(lab, site.shells(), askEvery * 1000, signal), MOST_NOISE_MS);
  process.stdout.write(json === true ? `${JSON.stringify(cost, undefined, 2)}\n` : textOf(cost, askEvery));
  return EXIT[cost.verdict];
}

async function measured(
  lab: ContainerLab,
  site: readonly Shell[],
  askEveryMs: number,
  signal: AbortSignal,
): Promise<readonly Block[]> {
  const [writer] = lab.shells();
  if (writer === undefined) throw new Error('bug: a lab without nodes');
  await printed(writer, IMAGES);
  const code = Buffer.from(WRITER).toString('base64');
  await printed(
    writer,
    `mkdir -p /mnt/pve/vmstore/images/900 && echo ${code} | base64 -d >/run/healproof/writer.py && systemd-run --unit=healproof-writer python3 /run/healproof/writer.py`,
  );
  const spans: { asked: boolean; fromMs: number; toMs: number }[] = [];
  for (let at = 0; at < BLOCKS; at += 1) {
    const fromMs = Date.now();
    const withGate = at % 2 === 1;
    const ask = gateKeeper(site, { volume: 'vmstore', waivers: [] });
    while (Date.now() < fromMs + BLOCK_MS) {
      if (withGate) await ask(HEALED.name, node('pve2'), signal);
      await realClock.pause(withGate ? askEveryMs : fromMs + BLOCK_MS - Date.now(), signal);
    }
    spans.push({ asked: withGate, fromMs, toMs: Date.now() });
    process.stderr.write(`block ${at + 1} of ${BLOCKS}, ${withGate ? 'with' : 'without'} the gate\n`);
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
