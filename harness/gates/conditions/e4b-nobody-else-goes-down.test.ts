import { expect, it } from 'vitest';
import { extra, shut } from '../asking.fixture.ts';
import type { Row } from '../asking.fixture.ts';

it.each<Row>([
  ['a reboot elsewhere', extra('automation', { goingDown: ['reboot.target'] }), { E4b: 'refused' }],
  ['a node that is still starting', extra('automation', { system: 'starting' }), { E4b: 'held' }],
  ['packages', extra('automation', { packaging: ['77 dpkg'] }), { E4b: 'held' }],
  ['on the node itself', extra('automation', { goingDown: ['reboot.target'] }, 'pve2'), {}],
])('%s', (_, facts, expected) => {
  expect(shut([facts])).toEqual(expected);
});
