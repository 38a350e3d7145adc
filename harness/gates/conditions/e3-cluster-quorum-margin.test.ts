import { expect, it } from 'vitest';
import { extra, shut } from '../asking.fixture.ts';
import type { Row } from '../asking.fixture.ts';
import { extrasOf } from '../extras.fixture.ts';
import type { GateFacts } from '../facts.ts';
import { NAMES, nodeOf, site } from '../site.fixture.ts';

const others = (change: object): GateFacts =>
  site({
    nodes: NAMES.map((name) => {
      const extras = extrasOf(name);
      return nodeOf(name, {
        extra: { ...extras, cluster: { ...extras.cluster, ...change } },
      });
    }),
  });

it.each<Row>([
  ['not quorate', extra('cluster', { quorate: false }), { E3: 'refused' }],
  ['one vote less is too few', others({ totalVotes: 2 }), { E3: 'refused' }],
  ['nodes that count differently', extra('cluster', { totalVotes: 4 }), { E3: 'held' }],
])('%s', (_, facts, expected) => {
  expect(shut([facts])).toEqual(expected);
});
