import { expect, it } from 'vitest';
import { extra, shut, unseen } from '../asking.fixture.ts';
import type { Row } from '../asking.fixture.ts';

it.each<Row>([
  [
    'a disk error',
    extra('logs', { kernel: { seen: true, lines: ['I/O error, dev sdb'] } }),
    { B3e: 'refused' },
  ],
  ['no kernel log', extra('logs', { kernel: unseen }), { B3e: 'unknown' }],
])('%s', (_, facts, expected) => {
  expect(shut([facts])).toEqual(expected);
});
