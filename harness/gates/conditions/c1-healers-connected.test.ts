import { expect, it } from 'vitest';
import { changed, processes, shut } from '../asking.fixture.ts';
import type { Row } from '../asking.fixture.ts';
import type { GateFacts } from '../facts.ts';
import type { GlusterProcess } from '../process-facts.ts';
import { withExtra } from '../site.fixture.ts';

const lost = (kind: GlusterProcess['kind']): GateFacts => {
  const cut = (one: GlusterProcess): readonly GlusterProcess[] => [
    { ...one, connections: one.connections.slice(0, 2) },
  ];
  return withExtra('pve1', { processes: processes('pve1', kind, cut) });
};

it.each<Row>([
  ['no daemon', changed('pve1', 'self-heal', undefined), { B2: 'held', C1: 'held' }],
  ['a stopped daemon', changed('pve1', 'self-heal', { state: 'T' }), { C1: 'held' }],
  ['a daemon that lost a brick', lost('self-heal'), { C1: 'held', C3: 'held' }],
  [
    'two daemons',
    withExtra('pve1', { processes: processes('pve1', 'self-heal', (one) => [one, { ...one, pid: 66 }]) }),
    { C1: 'held' },
  ],
])('%s', (_, facts, expected) => {
  expect(shut([facts])).toEqual(expected);
});
