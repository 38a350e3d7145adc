import { expect, test } from 'vitest';
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
