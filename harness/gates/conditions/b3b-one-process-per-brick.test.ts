import { expect, it } from 'vitest';
import { changed, processes, says, shut } from '../asking.fixture.ts';
import type { Row } from '../asking.fixture.ts';
import { withExtra } from '../site.fixture.ts';

it.each<Row>([
  ['a stopped brick', changed('pve3', 'brick', { state: 'T' }), { B3b: 'held' }],
  [
    'a brick without a port',
    changed('pve3', 'brick', { listens: [] }),
    { B2: 'held', B3b: 'held', C1: 'held', C3: 'held', C5: 'unknown' },
  ],
  ['an old program', changed('pve3', 'brick', { replacedOnDisk: true }), { B3f: 'refused' }],
  ['an old program that the reboot ends', changed('pve2', 'brick', { replacedOnDisk: true }), {}],
])('%s', (_, facts, expected) => {
  expect(shut([facts])).toEqual(expected);
});

it('a brick without process, and one with two', () => {
  expect(shut([changed('pve3', 'brick', undefined)])).toEqual({
    B2: 'held',
    B3b: 'held',
    C1: 'held',
    C3: 'held',
    C5: 'held',
  });
  const twice = withExtra('pve3', {
    processes: processes('pve3', 'brick', (one) => [one, { ...one, pid: 55 }]),
  });
  expect(shut([twice])).toMatchObject({ B3b: 'refused', C1: 'unknown' });
  expect(says(twice, 'B3b')).toBe('2 processes serve brick pve3:/b: 5, 55');
});
