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
