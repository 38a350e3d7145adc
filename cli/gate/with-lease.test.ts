import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { node } from '../../harness/index.ts';
import type { ExecOutcome, Shell } from '../../harness/index.ts';
import { releaseLease } from '../../lab/on-site.ts';
import { leaseFor } from './with-lease.ts';
import type { LeaseOfGate } from './with-lease.ts';

/** A pool of one: the real lines in a real shell, on places of this test's own. */
let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'healproof-with-lease-'));
  mkdirSync(join(root, 'glusterd/peers'), { recursive: true });
  writeFileSync(join(root, 'glusterd/glusterd.info'), 'UUID=u1\n');
});
afterEach(() => rmSync(root, { recursive: true }));

const pve2: Shell = {
  node: node('pve2'),
  run: (line) =>
    new Promise<ExecOutcome>((resolve) => {
      const places = line
        .replaceAll('/var/lib/healproof', join(root, 'store'))
        .replaceAll('/var/lib/glusterd', join(root, 'glusterd'));
      const child = spawn('sh', ['-c', places], { stdio: ['ignore', 'pipe', 'ignore'] });
      let stdout = '';
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
      child.on('close', (code) =>
        resolve({ kind: 'exited', exitCode: code ?? -1, stdout, stderr: '', tookMs: 1 }),
      );
    }),
};
const gateOf = (owner: string): Promise<LeaseOfGate> =>
  leaseFor(
    { owner, leaseTtl: 1_800_000, hosts: ['pve2'] },
    { shells: () => [pve2] },
    node('pve2'),
    new AbortController().signal,
  );
const file = (): string => join(root, 'store/lease');

test('a gate that stays shut gives back what it took', async () => {
  const gate = await gateOf('ann');
  expect(existsSync(file())).toBe(true);
  await gate[Symbol.asyncDispose]();
  expect(existsSync(file())).toBe(false);
});

test('a second gate of the same owner that stays shut leaves what the first one opened by', async () => {
  {
    await using opened = await gateOf('ann');
    const kept = await opened.keep();
    expect(kept).toMatchObject({ kind: 'kept' });
    expect(opened.told(kept.kind === 'kept' ? kept.leftMs : 0)).toMatch(/ann has it for pve2, for 30 min\./);
  }
  const token = /^token=.*$/m.exec(readFileSync(file(), 'utf8'))?.[0] ?? 'no token';
  {
    await using shut = await gateOf('ann');
    expect(shut.refused).toBeUndefined();
  }
  expect(readFileSync(file(), 'utf8')).toContain(token);
  expect((await gateOf('bob')).refused).toMatchObject({ kind: 'held', by: { owner: 'ann' } });
});

test('a gate that waited and ends shut leaves what a later one of the same owner opened by', async () => {
  {
    await using waiting = await gateOf('ann');
    expect(waiting.refused).toBeUndefined();
    await using opened = await gateOf('ann');
    expect(await opened.keep()).toMatchObject({ kind: 'kept' });
  }
  expect(existsSync(file())).toBe(true);
});

test('a lease that somebody else got meanwhile opens nothing, and stays theirs', async () => {
  {
    await using gate = await gateOf('ann');
    await releaseLease([pve2], 'force');
    await using bobs = await gateOf('bob');
    expect(await bobs.keep()).toMatchObject({ kind: 'kept' });
    expect(await gate.keep()).toEqual({ kind: 'lost', because: 'bob has the lease now, for pve2' });
  }
  expect(existsSync(file())).toBe(true);
});
