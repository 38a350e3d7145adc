/** Sites that are not like the usual one, as their owners describe them. */
import { expect, it } from 'vitest';
import { node } from '../model/names.ts';
import { shut } from './asking.fixture.ts';
import { extrasOf, SITE } from './extras.fixture.ts';
import { CONDITIONS } from './gates.ts';
import { withNode } from './site.fixture.ts';

it('a node that is there for its brick alone has no mount, no guests and no vote, when its owner says so', () => {
  const cannot = { seen: false, because: 'qm: command not found' } as const;
  const arbiter = withNode('pve3', {
    mounts: { seen: true, mounts: [] },
    extra: { ...extrasOf('pve3'), guests: cannot, roles: cannot, cluster: cannot },
  });
  expect(shut([arbiter])).toEqual({ C2: 'held', E3: 'unknown', F1: 'unknown', F2: 'unknown' });
  const asked = (name: string) =>
    CONDITIONS.filter(
      (one) =>
        one.decide([arbiter], {
          node: node(name),
          site: {
            ...SITE,
            routers: { guests: [{ name: 'router-a', vmid: 101 }], addresses: ['198.18.1.1'] },
            withoutMount: [node('pve3')],
            withoutGuests: [node('pve3')],
          },
          looks: [arbiter],
          soakMs: 600_000,
        }).kind !== 'open',
    ).map(({ code }) => code);
  expect(asked('pve2')).toEqual([]);
  expect(asked('pve3')).toEqual([]);
});
