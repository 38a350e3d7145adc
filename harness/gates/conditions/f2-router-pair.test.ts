import { expect, it } from 'vitest';
import { extra, shut } from '../asking.fixture.ts';
import type { Row } from '../asking.fixture.ts';
import { extrasOf } from '../extras.fixture.ts';
import { NAMES, nodeOf, site } from '../site.fixture.ts';

const guest = (vmid: number, qmpStatus: string | undefined, name = 'router-b') => ({
  vmid,
  name,
  status: 'running',
  qmpStatus,
});

it.each<Row>([
  ['a router that is off', extra('guests', { list: [guest(102, undefined)] }), { F2: 'held' }],
  ['two masters', extra('roles', { learned: [{ mac: '52:54:00:00:00:01', vmid: 102 }] }), { F2: 'refused' }],
  ['nobody is master', extra('roles', { learned: [] }, 'pve1'), { F2: 'held' }],
  [
    'both on one node',
    site({
      nodes: NAMES.map((name) =>
        nodeOf(name, {
          extra: {
            ...extrasOf(name),
            guests: {
              seen: true,
              list: name === 'pve1' ? [guest(101, 'running', 'router-a'), guest(102, 'running')] : [],
            },
          },
        }),
      ),
    }),
    { F2: 'refused' },
  ],
  [
    'the master on the node',
    site({
      nodes: NAMES.map((name) =>
        nodeOf(name, {
          extra: {
            ...extrasOf(name),
            guests: {
              seen: true,
              list:
                name === 'pve1'
                  ? []
                  : [name === 'pve2' ? guest(101, 'running', 'router-a') : guest(102, 'running')],
            },
          },
        }),
      ),
    }),
    { F1: 'refused', F2: 'refused' },
  ],
])('%s', (_, facts, expected) => {
  expect(shut([facts])).toEqual(expected);
});
