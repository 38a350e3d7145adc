/** Three servers that only store: their clients and hypervisors are elsewhere, and the site's description says so. */
import { expect, it } from 'vitest';
import { node } from '../model/names.ts';
import { changed, says, shut } from './asking.fixture.ts';
import { SITE } from './extras.fixture.ts';
import type { GateFacts } from './facts.ts';
import { NAMES, site } from './site.fixture.ts';

const nodes = NAMES.map((name) => node(name));
const ASKED = { site: { ...SITE, withoutMount: nodes, withoutGuests: nodes } };
const unmounted = (facts: GateFacts): GateFacts => ({
  ...facts,
  nodes: facts.nodes.map((one) => ({ ...one, mounts: { seen: true, mounts: [] } })),
});

it('the quorum of the volfile and the bricks’ processes are enough', () => {
  const asked = shut([unmounted(site())], ASKED);
  expect(Object.keys(asked).filter((code) => /^(A3a|C2|E1|E3|F1)$/.test(code))).toEqual([]);
});

it('a brick that nobody serves leaves too few, and one that is stopped serves nobody', () => {
  const away = unmounted(changed('pve3', 'brick', undefined));
  expect(shut([away], ASKED)).toMatchObject({ E1: 'refused' });
  expect(shut([unmounted(changed('pve3', 'brick', { state: 'T' }))], ASKED)).toMatchObject({ E1: 'refused' });
});

it('without that description nothing is taken for granted', () => {
  expect(shut([unmounted(site())])).toMatchObject({ C2: 'held' });
});

it('a layout that can’t be judged is told as that', () => {
  const facts = site();
  const thin = {
    ...facts,
    nodes: facts.nodes.map((one) => ({
      ...one,
      layout: one.layout.seen
        ? {
            ...one.layout,
            sets: one.layout.sets.map((set) => ({
              ...set,
              bricks: set.bricks.map((each, at) => (at === 2 ? { ...each, client: 'v-ta-2' } : each)),
            })),
          }
        : one.layout,
    })),
  };
  expect(shut([thin])).toMatchObject({ A3a: 'unknown', D1: 'unknown', E1: 'unknown' });
  expect(says(thin, 'A3a')).toContain('thin arbiter');
});
