import { expect, it } from 'vitest';
import { shut } from '../asking.fixture.ts';
import { site, withNode } from '../site.fixture.ts';

it('a clock that is ahead in every look, but not in one', () => {
  const ahead = withNode('pve3', {
    identity: { seen: true, uuid: 'uuid-pve3', bootId: 'boot-pve3', uptimeMs: 3_600_000, epochMs: 1500 },
  });
  expect(shut([ahead])).toEqual({ B3c: 'held' });
  expect(shut([site(), ahead])).toEqual({});
});

it('a clock that is ahead of two others, whichever of them is the last in a look', () => {
  const clocks = (times: readonly number[]) =>
    site({
      nodes: site().nodes.map((one, index) => ({
        ...one,
        identity: one.identity.seen ? { ...one.identity, epochMs: times[index] ?? 0 } : one.identity,
      })),
    });
  expect(shut([clocks([0, 100, 3000]), clocks([100, 0, 3000])])).toEqual({ B3c: 'held' });
});
