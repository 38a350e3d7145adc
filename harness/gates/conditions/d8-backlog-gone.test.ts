import { expect, it } from 'vitest';
import { node } from '../../model/names.ts';
import { reasons } from '../decision.ts';
import type { GateFacts } from '../facts.ts';
import { CONDITIONS } from '../gates.ts';
import { NAMES, nodeOf, withBrick } from '../site.fixture.ts';

const pending = (xattrop: number, atMs: number, bootId = 'boot-pve3'): GateFacts => ({
  ...withBrick('pve3', { index: { seen: true, xattrop, dirty: 0, entryChanges: 0 } }),
  nodes: NAMES.map((name) =>
    nodeOf(name, {
      identity: {
        seen: true,
        uuid: `uuid-${name}`,
        bootId: name === 'pve3' ? bootId : `boot-${name}`,
        uptimeMs: 3_600_000,
        epochMs: 0,
      },
    }),
  ),
  atMs,
});
const d8 = (looks: readonly [GateFacts, ...GateFacts[]]): string => {
  const found = CONDITIONS.find((one) => one.code === 'D8');
  const last = looks.at(-1) ?? looks[0];
  const decision = found?.decide([last], { node: node('pve2'), looks, soakMs: 600_000 });
  return decision === undefined ? '' : `${decision.kind} ${reasons(decision).join()}`;
};

it('falling, standing still, flickering, and before the last boot', () => {
  expect(d8([pending(100, 0), pending(50, 10_000)])).toBe(
    'held 50 files to heal, falling by 5.0 a second, about 10 s to go',
  );
  expect(d8([pending(50, 0), pending(50, 10_000)])).toBe('held 50 files to heal, not falling');
  expect(d8([pending(50, 0), pending(50, 1_200_000)])).toMatch(
    /^refused 50 files .* 1200 s: the heal is stalled$/,
  );
  expect(d8([pending(0, 0), pending(3, 1000), pending(0, 2000)])).toMatch(/^held .* filled again 1 times$/);
  expect(d8([pending(0, 0), pending(3, 1000), pending(0, 2000), pending(0, 602_000)])).toBe('open ');
  expect(d8([pending(0, 0, 'old'), pending(3, 1000, 'old'), pending(0, 2000)])).toBe('open ');
});
