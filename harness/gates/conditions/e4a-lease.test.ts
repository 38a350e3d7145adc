import { expect, it } from 'vitest';
import { node } from '../../model/names.ts';
import { shut, unseen } from '../asking.fixture.ts';
import type { Row } from '../asking.fixture.ts';
import { SURROUNDINGS } from '../extras.fixture.ts';
import type { GateFacts } from '../facts.ts';
import { site } from '../site.fixture.ts';

const lease = (change: object): GateFacts =>
  site({
    surroundings: {
      ...SURROUNDINGS,
      lease: {
        seen: true,
        holder: { owner: 'ann', node: node('pve1'), expiresAtMs: 60_000, own: false, ...change },
      },
    },
  });

it.each<Row>([
  ['somebody else’s lease', lease({}), { E4a: 'held' }],
  ['one’s own lease, for another node', lease({ own: true }), { E4a: 'held' }],
  ['one’s own lease', lease({ own: true, node: node('pve2') }), {}],
  [
    'a lease that nobody could read',
    site({ surroundings: { ...SURROUNDINGS, lease: unseen } }),
    { E4a: 'unknown' },
  ],
])('%s', (_, facts, expected) => {
  expect(shut([facts])).toEqual(expected);
});
