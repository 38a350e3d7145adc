import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { node } from '../../harness/index.ts';
import type { ExecOutcome, Shell } from '../../harness/index.ts';
import { leaseFacts, newToken, releaseLease, renewLease, showLease, takeLease } from './lease.ts';

const NAMES = ['pve1', 'pve2', 'pve3'] as const;
let root = '';
const away = new Set<string>();
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'healproof-lease-'));
  away.clear();
  for (const name of NAMES) {
    mkdirSync(join(root, name, 'peers'), { recursive: true });
    for (const peer of ['a', 'b']) writeFileSync(join(root, name, 'peers', peer), '');
  }
});
afterEach(() => rmSync(root, { recursive: true }));

/** The real lines in a real shell; only the places they write to are this test's own. */
const shellOn = (name: string, places: (line: string) => string): Shell => ({
  node: node(name),
  run: (line) =>
    away.has(name)
      ? Promise.resolve({ kind: 'cut-off', because: 'away' })
      : new Promise<ExecOutcome>((resolve) => {
          const child = spawn('sh', ['-c', places(line)]);
          let [stdout, stderr] = ['', ''];
          child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
          child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
          child.on('close', (code) =>
            resolve({ kind: 'exited', exitCode: code ?? -1, stdout, stderr, tookMs: 1 }),
          );
        }),
});
const shells = (names: readonly string[] = NAMES): readonly Shell[] =>
  names.map((name) =>
    shellOn(name, (line) =>
      line
        .replaceAll('/var/lib/healproof', join(root, name, 'store'))
        .replaceAll('/var/lib/glusterd/peers', join(root, name, 'peers')),
    ),
  );
/** As on Proxmox: one folder that all nodes see. */
const proxmox = (names: readonly string[] = NAMES): readonly Shell[] => {
  mkdirSync(join(root, 'pve/priv/lock'), { recursive: true });
  return names.map((name) =>
    shellOn(name, (line) =>
      line
        .replaceAll(/grep -q .{1,12}\/etc\/pve fuse.{1,12} \/proc\/mounts/g, 'true')
        .replaceAll('/etc/pve', join(root, 'pve')),
    ),
  );
};
const wish = (owner: string, on = 'pve2') => ({ owner, node: node(on), ttlSeconds: 600, token: newToken() });
const file = (name: string): string => join(root, name, 'store/lease');

test('taken once; the second is told who has it; the same owner for the same node renews; given back it is free', async () => {
  expect(await showLease(shells())).toEqual({ kind: 'free' });
  expect(existsSync(join(root, 'pve1/store'))).toBe(false);
  expect(await takeLease(shells(), wish("Ann O'Hara"))).toMatchObject({ kind: 'taken', on: NAMES });
  const by = { owner: "Ann O'Hara", node: 'pve2', ttlSeconds: 600 };
  expect(await takeLease(shells(), wish('bob', 'pve3'))).toMatchObject({ kind: 'held', by });
  expect(await takeLease(shells(), wish("Ann O'Hara", 'pve3'))).toMatchObject({ kind: 'held', by });
  expect(await takeLease(shells(), wish("Ann O'Hara"))).toMatchObject({ kind: 'taken' });
  expect(await showLease(shells())).toMatchObject({ kind: 'taken', lease: by });
  expect(await releaseLease(shells(), { owner: 'bob' })).toMatchObject({ kind: 'held', by });
  expect(await releaseLease(shells(), { owner: "Ann O'Hara" })).toEqual({ kind: 'free' });
  expect(await takeLease(shells(), wish('bob', 'pve3'))).toMatchObject({ kind: 'taken' });
  expect(await releaseLease(shells(), 'force')).toEqual({ kind: 'free' });
});

test.each([
  ['own disks', shells],
  ['pmxcfs', proxmox],
])(
  'of many who come at the same moment at most one gets it: %s',
  { timeout: 30_000 },
  async (_store, site) => {
    const said = await Promise.all(
      Array.from({ length: 8 }, (_each, at) => takeLease(site(), wish(`owner-${at}`))),
    );
    const taken = said.flatMap((one) => (one.kind === 'taken' ? [one.lease.owner] : []));
    expect(taken.length).toBeLessThanOrEqual(1);
    const shown = await showLease(site());
    expect(shown.kind === 'taken' ? [shown.lease.owner] : []).toEqual(taken);
  },
);

test('an expired lease may be taken over, one that is not may not: by uptime, and by the clock after a reboot', async () => {
  const past = (seconds: number): void => {
    for (const name of NAMES) {
      const text = readFileSync(file(name), 'utf8');
      writeFileSync(
        file(name),
        text.replace(/^up=(\d+)$/m, (_line, up: string) => `up=${Number(up) - seconds}`),
      );
    }
  };
  await takeLease(shells(), wish('ann'));
  past(590);
  expect(await takeLease(shells(), wish('bob'))).toMatchObject({ kind: 'held' });
  past(11);
  expect(await showLease(shells())).toEqual({ kind: 'free' });
  expect(await takeLease(shells(), wish('bob'))).toMatchObject({ kind: 'taken' });
  for (const name of NAMES) {
    const text = readFileSync(file(name), 'utf8').replace(/^boot=.*$/m, 'boot=another');
    writeFileSync(file(name), text);
    const when = Date.now() / 1000 - 590;
    utimesSync(file(name), when, when);
  }
  expect(await takeLease(shells(), wish('ann'))).toMatchObject({ kind: 'held' });
  for (const name of NAMES) utimesSync(file(name), 0, Date.now() / 1000 - 601);
  expect(await takeLease(shells(), wish('ann'))).toMatchObject({ kind: 'taken' });
});

test('a node that is away: the others are a majority, and the heartbeat tells it when it comes back', async () => {
  away.add('pve2');
  const ann = wish('ann');
  expect(await takeLease(shells(), ann)).toMatchObject({ kind: 'taken', on: ['pve1', 'pve3'] });
  away.clear();
  expect(await takeLease(shells(), wish('bob', 'pve3'))).toMatchObject({ kind: 'held' });
  expect(existsSync(file('pve2'))).toBe(false);
  expect(await renewLease(shells(), ann)).toMatchObject({ kind: 'taken', on: NAMES });
  away.add('pve1');
  expect(await takeLease(shells(), wish('bob', 'pve3'))).toMatchObject({ kind: 'held' });
});

test('without a majority nobody gets it, and what one node granted is given back', async () => {
  away.add('pve2').add('pve3');
  expect(await takeLease(shells(), wish('ann'))).toMatchObject({
    kind: 'unknown',
    because: expect.stringMatching(/^1 of 3 nodes answered, which is no majority \(pve2: .*away/),
  });
  expect(existsSync(file('pve1'))).toBe(false);
  expect(await showLease(shells())).toMatchObject({ kind: 'unknown' });
  away.clear();
  expect(await takeLease(shells(['pve1']), wish('ann'))).toMatchObject({
    kind: 'unknown',
    because: expect.stringContaining('name every node of the pool'),
  });
  expect(await takeLease(shells(['pve1', 'pve3']), wish('ann'))).toMatchObject({ kind: 'taken' });
});

test('as a fact of the gate: nobody’s, somebody’s until when, one’s own, and not seen without a majority', async () => {
  expect(await leaseFacts(shells(), 'ann')).toEqual({ seen: true, holder: undefined });
  const began = Date.now();
  await takeLease(shells(), wish('ann'));
  const facts = await leaseFacts(shells(), 'bob');
  expect(facts).toMatchObject({ seen: true, holder: { owner: 'ann', node: 'pve2', own: false } });
  const ends = facts.seen ? (facts.holder?.expiresAtMs ?? 0) : 0;
  expect(ends).toBeGreaterThan(began + 595_000);
  expect(ends).toBeLessThanOrEqual(Date.now() + 600_000);
  expect(await leaseFacts(shells(), 'ann')).toMatchObject({ holder: { own: true } });
  away.add('pve1').add('pve2');
  expect(await leaseFacts(shells(), 'ann')).toMatchObject({
    seen: false,
    because: expect.stringContaining('no majority'),
  });
});

test('a heartbeat does not take away what somebody else has got since', async () => {
  const ann = wish('ann');
  await takeLease(shells(), ann);
  await releaseLease(shells(), 'force');
  await takeLease(shells(), wish('bob', 'pve3'));
  expect(await renewLease(shells(), ann)).toMatchObject({ kind: 'held', by: { owner: 'bob' } });
});

test('on Proxmox one node speaks for all; a Proxmox node without /etc/pve is no place for a lease', async () => {
  const ann = wish('ann');
  expect(await takeLease(proxmox(), ann)).toMatchObject({ kind: 'taken', on: ['pve1'] });
  away.add('pve1').add('pve2');
  expect(await takeLease(proxmox(), wish('bob'))).toMatchObject({ kind: 'held', by: { owner: 'ann' } });
  expect(await releaseLease(proxmox(), { token: ann.token })).toEqual({ kind: 'free' });
  expect(existsSync(join(root, 'pve/priv/lock/healproof'))).toBe(false);
  away.clear();
  const broken = NAMES.map((name) => shellOn(name, (line) => line.replaceAll('/usr/bin/pmxcfs', '/bin/sh')));
  expect(await takeLease(broken, wish('ann'))).toMatchObject({
    kind: 'unknown',
    because: expect.stringContaining('/etc/pve is not mounted'),
  });
});
