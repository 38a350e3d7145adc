import { expect, it } from 'vitest';
import { extra, shut } from '../asking.fixture.ts';
import type { Row } from '../asking.fixture.ts';

const line = (text: string, atMs = -1000) => ({ log: '/var/log/glusterfs/x.log', atMs, text });

it.each<Row>([
  ['a lost quorum', extra('logs', { lines: [line('W 0-v: Client-quorum is not met')] }), { D7: 'held' }],
  ['a split-brain', extra('logs', { lines: [line('E 0-v: Gfid mismatch detected')] }), { D7: 'refused' }],
  ['long ago', extra('logs', { lines: [line('E 0-v: Gfid mismatch detected', -601_000)] }), {}],
  ['no log at all', extra('logs', { logs: [] }), { D7: 'unknown' }],
])('%s', (_, facts, expected) => {
  expect(shut([facts])).toEqual(expected);
});
