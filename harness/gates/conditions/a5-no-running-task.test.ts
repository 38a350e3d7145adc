import { expect, it } from 'vitest';
import { processes, shut, status } from '../asking.fixture.ts';
import type { Row } from '../asking.fixture.ts';
import { withExtra } from '../site.fixture.ts';

it.each<Row>([
  ['a task', status('pve1', { tasks: [{ type: 'Rebalance', status: 'in progress' }] }), { A5: 'held' }],
  ['a task that is done', status('pve1', { tasks: [{ type: 'Rebalance', status: 'completed' }] }), {}],
  [
    'a layout that was mended',
    status('pve1', { tasks: [{ type: 'Rebalance', status: 'fix-layout completed' }] }),
    {},
  ],
  [
    'a layout that is being mended',
    status('pve1', { tasks: [{ type: 'Rebalance', status: 'fix-layout in progress' }] }),
    { A5: 'held' },
  ],
  [
    'a task that a replaced brick has ended',
    status('pve1', { tasks: [{ type: 'Rebalance', status: 'reset due to replace-brick' }] }),
    {},
  ],
  [
    'a task in an odd state',
    status('pve1', { tasks: [{ type: 'Rebalance', status: '?' }] }),
    { A5: 'unknown' },
  ],
  [
    'a rebalance process',
    withExtra('pve1', {
      processes: processes('pve1', 'glusterd', (one) => [
        one,
        { ...one, pid: 9, kind: 'rebalance', volume: 'v' },
      ]),
    }),
    { A5: 'held' },
  ],
])('%s', (_, facts, expected) => {
  expect(shut([facts])).toEqual(expected);
});
