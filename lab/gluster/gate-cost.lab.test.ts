/** The gate costs the cluster nothing: a steady writer with an fsync a write, with and without a gate that is asked all the time. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { costOf, HEALED, Live, node, router, until, volumePending } from '../../harness/index.ts';
import type { Block, Journal, Shell, SiteSpec } from '../../harness/index.ts';
import { realClock } from '../clock.ts';
import { kitFrom } from '../kit.ts';
import type { KitFacts } from '../kit.ts';
import { labOpener } from '../open-lab.ts';
import { gateKeeper } from './gate-keeper.ts';

const BLOCKS = 16;
const BLOCK_MS = 6000;
/** More than any operator asks. */
const ASK_EVERY_MS = 1000;
/** On a machine that shares its cores two quiet blocks differ by this much at most, or nothing is measured. */
const MOST_NOISE_MS = 60;

const SPEC: SiteSpec = {
  nodes: [node('pve1'), node('pve2'), node('pve3')],
  volume: { name: 'vmstore', layout: 'replica-3', options: 'virt', tuning: [], shardMiB: 16 },
  routers: [
    { name: router('router-a'), vmid: 101, startsOn: node('pve1'), writeEveryMs: 0 },
    { name: router('router-b'), vmid: 102, startsOn: node('pve2'), writeEveryMs: 0 },
  ],
  imageMiB: 64,
  diskErrorPolicy: 'stop',
  accelerator: 'probe',
  guestStart: 'state',
  bootSeconds: 3,
  brickGuard: true,
  storageMbit: 0,
  customerFiles: { count: 5, kib: 16 },
  oob: false,
};

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

const nothing: Journal = { record: (body, epochMs = Date.now()) => ({ seq: 0, atMs: epochMs, ...body }) };

async function printed(shell: Shell, line: string, limitMs = 15_000): Promise<string> {
  const said = await shell.run(line, { limitMs });
  if (said.kind !== 'exited' || said.exitCode !== 0)
    throw new Error(`${shell.node}: «${line.slice(0, 80)}» ${JSON.stringify(said).slice(0, 300)}`);
  return said.stdout;
}

test('no write takes longer while the gate is asked', { timeout: 300_000 }, async ({ signal }) => {
  const dir = mkdtempSync(join(tmpdir(), 'healproof-cost-'));
  const beganMs = Date.now();
  const live = new Live(nothing);
  const facts = JSON.parse(process.env['HEALPROOF_KIT'] ?? 'null') as KitFacts;
  await using after = new AsyncDisposableStack();
  after.defer(() => rmSync(dir, { recursive: true, force: true }));
  await using lab = await labOpener(
    kitFrom(facts, () => dir),
    beganMs,
  )(SPEC, `cost${process.pid.toString(36)}`, live, signal);
  await until(realClock, () => volumePending(SPEC, live, Date.now())[0], {
    withinMs: 30_000,
    everyMs: 200,
    signal,
  });
  const [writer] = lab.shells();
  if (writer === undefined) throw new Error('bug: a lab without nodes');
  await printed(
    writer,
    `mkdir -p /mnt/pve/vmstore/images/900 && echo "${Buffer.from(WRITER).toString('base64')}" | base64 -d >/run/healproof/writer.py && systemd-run --unit=healproof-writer python3 /run/healproof/writer.py`,
  );
  const spans: { asked: boolean; fromMs: number; toMs: number }[] = [];
  for (let at = 0; at < BLOCKS; at += 1) {
    const fromMs = Date.now();
    const asked = at % 2 === 1;
    const ask = gateKeeper(lab.shells(), { volume: 'vmstore', waivers: [] });
    while (Date.now() < fromMs + BLOCK_MS && !signal.aborted) {
      if (asked) await ask(HEALED.name, node('pve2'), signal);
      await realClock.pause(asked ? ASK_EVERY_MS : Math.max(0, fromMs + BLOCK_MS - Date.now()), signal);
    }
    spans.push({ asked, fromMs, toMs: Date.now() });
  }
  const lines = (await printed(writer, 'cat /run/healproof/latency')).trim().split('\n');
  const writes = lines.map((line) => line.split(' ').map(Number));
  const blocks = spans.map(({ asked, fromMs, toMs }): Block => ({
    asked,
    writesMs: writes
      .filter(([endMs = 0]) => endMs >= fromMs && endMs < toMs)
      .map(([, tookMs = Number.NaN]) => tookMs),
  }));
  const cost = costOf(blocks, MOST_NOISE_MS);
  process.stdout.write(`cost of the gate: ${JSON.stringify(cost)}\n`);
  expect(cost).toMatchObject({ verdict: 'nothing beyond the noise' });
});
