import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { node } from '../../harness/index.ts';
import type { ExecOutcome, Shell } from '../../harness/index.ts';
import { keepLease, leaseFacts, newToken, releaseLease, renewLease, showLease, takeLease } from './lease.ts';

const NAMES = ['pve1', 'pve2', 'pve3'] as const;
let root = '';
/** Nodes that do not answer, or not to lines with this word. */
const away = new Set<string>();
const deaf = new Map<string, string>();
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'healproof-lease-'));
  away.clear();
  deaf.clear();
  pool(NAMES);
});
afterEach(() => rmSync(root, { recursive: true }));

/** What glusterd has on the disks of these machines when they are one pool. */
function pool(names: readonly string[]): void {
  for (const name of names) {
    const glusterd = join(root, name, 'glusterd');
    rmSync(glusterd, { recursive: true, force: true });
    mkdirSync(join(glusterd, 'peers'), { recursive: true });
    writeFileSync(join(glusterd, 'glusterd.info'), `UUID=uuid-of-${name}\noperating-version=100000\n`);
    for (const peer of names)
      if (peer !== name) writeFileSync(join(glusterd, 'peers', `uuid-of-${peer}`), '');
  }
}

/** The real lines in a real shell; only the places they write to are this test's own. `on`: the machine of that name. */
const shellOn = (name: string, on = name): Shell => ({
  node: node(name),
  run: (line) =>
    away.has(name) || line.includes(deaf.get(name) ?? '\0')
      ? Promise.resolve({ kind: 'cut-off', because: 'away' })
      : new Promise<ExecOutcome>((resolve) => {
          const places = line
            .replaceAll('/var/lib/healproof', join(root, on, 'store'))
            .replaceAll('/var/lib/glusterd', join(root, on, 'glusterd'));
          const child = spawn('sh', ['-c', places]);
          let [stdout, stderr] = ['', ''];
          child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
          child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
          child.on('close', (code) =>
            resolve({ kind: 'exited', exitCode: code ?? -1, stdout, stderr, tookMs: 1 }),
          );
        }),
});
const shells = (names: readonly string[] = NAMES): readonly Shell[] => names.map((name) => shellOn(name));
const wish = (owner: string, on = 'pve2') => ({ owner, node: node(on), ttlSeconds: 600, token: newToken() });
const file = (name: string): string => join(root, name, 'store/lease');

test(
  'taken once; the second is told who has it; the same owner for the same node renews; given back it is free',
  { timeout: 60_000 },
  async () => {
    expect(await showLease(shells())).toMatchObject({ kind: 'free' });
    expect(existsSync(join(root, 'pve1/store'))).toBe(false);
    expect(await takeLease(shells(), wish("Ann O'Hara"))).toMatchObject({ kind: 'taken', on: NAMES });
    const by = { owner: "Ann O'Hara", node: 'pve2', ttlSeconds: 600 };
    expect(await takeLease(shells(), wish('bob', 'pve3'))).toMatchObject({ kind: 'held', by });
    expect(await takeLease(shells(), wish("Ann O'Hara", 'pve3'))).toMatchObject({ kind: 'held', by });
    expect(await takeLease(shells(), wish("Ann O'Hara"))).toMatchObject({ kind: 'taken' });
    expect(await showLease(shells())).toMatchObject({ kind: 'taken', lease: by });
    expect(await releaseLease(shells(), { owner: 'bob' })).toMatchObject({ kind: 'held', by });
    expect(await releaseLease(shells(), { owner: "Ann O'Hara" })).toMatchObject({ kind: 'free' });
    expect(await takeLease(shells(), wish('bob', 'pve3'))).toMatchObject({ kind: 'taken' });
    expect(await releaseLease(shells(), 'force')).toMatchObject({ kind: 'free' });
  },
);

test('of many who come at the same moment at most one gets it', { timeout: 60_000 }, async () => {
  const said = await Promise.all(
    Array.from({ length: 8 }, (_each, at) => takeLease(shells(), wish(`owner-${at}`))),
  );
  const taken = said.flatMap((one) => (one.kind === 'taken' ? [one.lease.owner] : []));
  expect(taken.length).toBeLessThanOrEqual(1);
  const shown = await showLease(shells());
  expect(shown.kind === 'taken' ? [shown.lease.owner] : []).toEqual(taken);
});

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
  expect(await showLease(shells())).toMatchObject({ kind: 'free' });
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

test('without a majority nobody gets it, and nothing is written', async () => {
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

describe('the same owner once more', () => {
  test('a second look renews what the first one kept, and giving back its own token takes nothing away', async () => {
    const [first, second] = [wish('ann'), wish('ann')];
    expect(await takeLease(shells(), first)).not.toHaveProperty('renewed');
    expect(await takeLease(shells(), second)).toMatchObject({ kind: 'taken', renewed: true });
    await releaseLease(shells(), { token: second.token });
    expect(await showLease(shells())).toMatchObject({ kind: 'taken', lease: { token: first.token } });
  });

  test('a take that finds no majority takes nothing away that was there before', async () => {
    const first = wish('ann');
    await takeLease(shells(), first);
    for (const name of ['pve2', 'pve3']) deaf.set(name, 'lease-take');
    expect(await takeLease(shells(), wish('ann'))).toMatchObject({ kind: 'unknown' });
    expect(readFileSync(file('pve1'), 'utf8')).toContain(`token=${first.token}`);
  });

  test('what was granted without a majority is given back', async () => {
    for (const name of ['pve2', 'pve3']) deaf.set(name, 'lease-take');
    expect(await takeLease(shells(), wish('ann'))).toMatchObject({
      kind: 'unknown',
      because: expect.stringMatching(/^1 of 3 nodes answered, which is no majority/),
    });
    expect(existsSync(file('pve1'))).toBe(false);
  });

  test('a gate that opened keeps it, also when an earlier gate of the same owner ends shut', async () => {
    const [waiting, opened] = [wish('ann'), wish('ann')];
    await takeLease(shells(), waiting);
    await takeLease(shells(), opened);
    expect(await keepLease(shells(), opened)).toMatchObject({ kind: 'taken' });
    expect(await renewLease(shells(), waiting)).toMatchObject({ kind: 'taken' });
    await releaseLease(shells(), { token: waiting.token });
    expect(await showLease(shells())).toMatchObject({ kind: 'taken', lease: { token: opened.token } });
  });

  test('a shorter time to live never ends it earlier than was promised', async () => {
    await takeLease(shells(), wish('ann'));
    expect(await takeLease(shells(), { ...wish('ann'), ttlSeconds: 10 })).toMatchObject({
      lease: { ttlSeconds: expect.toSatisfy((left: number) => left > 590 && left <= 600) },
    });
  });
});

describe('whose word counts', () => {
  test('hosts without a glusterd do not, and are named', async () => {
    const site = (): readonly Shell[] => shells([...NAMES, 'mon1', 'mon2', 'mon3']);
    const ann = await takeLease(site(), wish('ann'));
    expect(ann).toMatchObject({ kind: 'taken', on: NAMES });
    expect(ann).toMatchObject({ uncounted: expect.arrayContaining(['mon1: no glusterd there']) });
    expect(existsSync(file('mon1'))).toBe(false);
    expect(await takeLease(site(), wish('bob', 'pve3'))).toMatchObject({
      kind: 'held',
      by: { owner: 'ann' },
    });
  });

  test('one machine under two names is one', async () => {
    away.add('pve2').add('pve3');
    const twice = [...shells(), shellOn('storage1', 'pve1')];
    expect(await takeLease(twice, wish('ann'))).toMatchObject({
      kind: 'unknown',
      because: expect.stringContaining('storage1: the same machine as pve1'),
    });
  });

  test('one fresh lease of somebody else is enough to be refused; their own heartbeat is not', async () => {
    const [ann, bob] = [wish('ann'), wish('bob', 'pve3')];
    away.add('pve2');
    await takeLease(shells(), ann);
    away.clear();
    // As it is left by somebody who gave it back while this node was away.
    pool(['pve2']);
    expect(await takeLease([shellOn('pve2')], bob)).toMatchObject({ kind: 'taken' });
    pool(NAMES);
    expect(await takeLease(shells(), wish('cy'))).toMatchObject({ kind: 'held' });
    expect(await takeLease(shells(), wish('ann'))).toMatchObject({ kind: 'held', by: { owner: 'bob' } });
    expect(await renewLease(shells(), ann)).toMatchObject({ kind: 'taken', on: ['pve1', 'pve3'] });
  });
});

describe('free is only said when it is known', () => {
  test('one that has it and one that does not answer may be a majority', async () => {
    away.add('pve3');
    await takeLease(shells(), wish('ann'));
    away.clear();
    away.add('pve2');
    const because: unknown = expect.stringMatching(
      /^ann’s lease for pve2 is on pve1 of 3 nodes, for another \d+ s: 1 did not answer and may keep it too \(pve2: .*away/,
    );
    expect(await showLease(shells())).toEqual({ kind: 'unknown', because });
    expect(await leaseFacts(shells(), 'bob')).toEqual({ seen: false, because });
  });

  test('given back on one of three', async () => {
    await takeLease(shells(), wish('ann'));
    away.add('pve2').add('pve3');
    expect(await releaseLease(shells(), { owner: 'ann' })).toMatchObject({
      kind: 'unknown',
      because: expect.stringMatching(/^the others may still keep it: 1 of 3 nodes answered/),
    });
    expect(existsSync(file('pve1'))).toBe(false);
    away.delete('pve2');
    expect(await showLease(shells())).toMatchObject({ kind: 'unknown' });
  });
});

test('a heartbeat is told how much time is left', async () => {
  const limits: number[] = [];
  const slow = shells().map((shell) => ({
    ...shell,
    run: (line: string, options: { readonly limitMs: number }) => {
      limits.push(options.limitMs);
      return shell.run(line, options);
    },
  }));
  const ann = wish('ann');
  await takeLease(slow, ann);
  expect(Math.min(...limits)).toBeGreaterThan(15_000);
  limits.length = 0;
  await renewLease(slow, ann, 5000);
  expect(limits.length).toBe(6);
  expect(Math.max(...limits)).toBeLessThanOrEqual(5000);
});
