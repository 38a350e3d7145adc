import { createHash } from 'node:crypto';
import { expect, onTestFinished, test, vi } from 'vitest';
import { node } from '../../harness/index.ts';
import type { Extra, Shell } from '../../harness/index.ts';
import { lookAt } from './look.ts';

const { signal } = new AbortController();

/** Nodes that nobody reaches; what is sent to them is written down. */
function away(sent: string[]): readonly Shell[] {
  return ['pve1', 'pve2'].map((name) => ({
    node: node(name),
    run: (line) => {
      sent.push(line);
      return Promise.resolve({ kind: 'cut-off', because: 'switched off' });
    },
  }));
}

const looking = (sent: string[], extras: readonly Extra[]) =>
  lookAt({
    shells: away(sent),
    asked: node('pve1'),
    owner: 'ann',
    volume: 'vmstore',
    profile: 'full',
    extras: new Set(extras),
    description: {},
    images: [],
  });

test('a canary that was not asked for is not flown, and one that can’t fly is not seen', async () => {
  const sent: string[] = [];
  const without = await looking(sent, [])(signal);
  expect(without.surroundings.canary).toMatchObject({
    seen: false,
    because: 'it was not asked for in this look',
  });
  const asked = await looking(sent, ['canary'])(signal);
  // On the node that stays up.
  expect(asked.surroundings.canary).toEqual({ seen: false, because: 'pve2 has not mounted the volume' });
  expect(sent.join('\n')).not.toMatch(/\bdd\b|\brm\b/);
});

test('the lease is asked for only by a gate that judges it', async () => {
  const sent: string[] = [];
  const without = await looking(sent, [])(signal);
  expect(without.surroundings.lease).toMatchObject({ because: 'it was not asked for in this look' });
  expect(sent.join('\n')).not.toContain('lease-show');
  const asked = await looking(sent, ['lease'])(signal);
  expect(asked.surroundings.lease).toMatchObject({ because: expect.stringContaining('switched off') });
});

test('nothing is looked at around a site whose description names nothing', async () => {
  const facts = await looking([], ['outOfBand', 'alerting'])(signal);
  expect(facts.surroundings.outOfBand.seen).toBe(false);
  expect(facts.surroundings.alerting.seen).toBe(false);
});

/** Nodes that have the volume mounted and show nothing else; a canary flies as `well` says. */
function mounted(flights: string[], well: () => boolean): readonly Shell[] {
  const sum = createHash('sha256').update('c'.repeat(4096)).digest('hex');
  return ['pve1', 'pve2'].map((name) => ({
    node: node(name),
    run: (line) => {
      const isCanary = line.includes('.healproof-canary-');
      if (isCanary && line.includes(' dd ')) flights.push(name);
      const nonce = /N='([^']+)'/.exec(line)?.[1] ?? '';
      const stdout = !isCanary
        ? `#${nonce} begin mounts\n\n#${nonce} part mount /mnt/v\n\n#${nonce} end mounts 0 1\n`
        : line.includes('sha256sum')
          ? `${sum}  file\n${well() ? 3 : 9000}\n`
          : '5\n';
      return Promise.resolve({ kind: 'exited', exitCode: 0, stdout, stderr: '', tookMs: 1 });
    },
  }));
}

test('a canary that was late flies again, and a good one counts for a minute', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const flights: string[] = [];
  let well = false;
  const look = lookAt({
    shells: mounted(flights, () => well),
    asked: node('pve1'),
    owner: 'ann',
    volume: 'vmstore',
    profile: 'full',
    extras: new Set(['canary']),
    description: {},
    images: [],
  });
  const reads = async () => (await look(signal)).surroundings.canary;
  expect(await reads()).toMatchObject({ reads: [{ tookMs: 9000 }] });
  well = true;
  expect(await reads()).toMatchObject({ reads: [{ tookMs: 3 }] });
  await reads();
  expect(flights).toHaveLength(2);
  vi.setSystemTime(Date.now() + 61_000);
  well = false;
  expect(await reads()).toMatchObject({ reads: [{ tookMs: 9000 }] });
  expect(flights).toHaveLength(3);
});
