import { expect, it } from 'vitest';
import { extra, shut } from '../asking.fixture.ts';
import type { Row } from '../asking.fixture.ts';
import { NAMES, site } from '../site.fixture.ts';

it.each<Row>([
  [
    'a port that is closed',
    extra('reach', { tried: NAMES.map((host) => ({ host, port: 5, ok: host !== 'pve1', tookMs: 1 })) }),
    { C5: 'held' },
  ],
  [
    'a slow way',
    extra('reach', { tried: NAMES.map((host) => ({ host, port: 5, ok: true, tookMs: 1200 })) }),
    { C5: 'held' },
  ],
  ['a brick that was not tried', extra('reach', { tried: [] }), { C5: 'unknown' }],
])('%s', (_, facts, expected) => {
  expect(shut([facts])).toEqual(expected);
});

it('slow in one look of two is no lost packet', () => {
  const slow = extra('reach', { tried: NAMES.map((host) => ({ host, port: 5, ok: true, tookMs: 1200 })) });
  expect(shut([site(), slow])).toEqual({});
  expect(shut([slow, { ...slow }])).toEqual({ C5: 'held' });
});
