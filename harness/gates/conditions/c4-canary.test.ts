import { expect, it } from 'vitest';
import { node } from '../../model/names.ts';
import { shut } from '../asking.fixture.ts';
import type { Row } from '../asking.fixture.ts';
import { SURROUNDINGS } from '../extras.fixture.ts';
import type { GateFacts } from '../facts.ts';
import { site } from '../site.fixture.ts';

const canary = (change: object): GateFacts =>
  site({
    surroundings: {
      ...SURROUNDINGS,
      canary: SURROUNDINGS.canary.seen ? { ...SURROUNDINGS.canary, ...change } : SURROUNDINGS.canary,
    },
  });
const reads = (change: object) => ({ reads: [{ node: node('pve3'), same: true, tookMs: 1, ...change }] });

it.each<Row>([
  ['a slow write', canary({ writeMs: 2100 }), { C4: 'held' }],
  ['other bytes', canary(reads({ same: false })), { C4: 'held' }],
  ['a slow read', canary(reads({ tookMs: 2100 })), { C4: 'held' }],
  ['nobody read', canary({ reads: [] }), { C4: 'unknown' }],
  ['left behind', canary({ deleted: false }), { C4: 'held' }],
])('%s', (_, facts, expected) => {
  expect(shut([facts])).toEqual(expected);
});
