import { expect, it } from 'vitest';
import { extra, shut } from '../asking.fixture.ts';
import type { Row } from '../asking.fixture.ts';
import { SITE } from '../extras.fixture.ts';

const guest = (vmid: number, qmpStatus: string | undefined, name = 'router-b') => ({
  vmid,
  name,
  status: 'running',
  qmpStatus,
});

it.each<Row>([
  ['somebody is left', extra('guests', { list: [guest(7, 'running', 'x')] }, 'pve2'), { F1: 'refused' }],
  [
    'a disk error elsewhere',
    extra('guests', { list: [guest(102, 'io-error')] }),
    { F1: 'refused', F2: 'refused' },
  ],
  [
    'paused elsewhere',
    extra('guests', { list: [guest(102, 'running'), guest(7, 'paused', 'x')] }),
    { F1: 'held' },
  ],
])('%s', (_, facts, expected) => {
  expect(shut([facts])).toEqual(expected);
});

it('a guest that may stop with its node does not keep it', () => {
  const facts = extra('guests', { list: [guest(7, 'running', 'x')] }, 'pve2');
  expect(shut([facts], { site: { ...SITE, mayStop: [7] } })).toEqual({});
});
