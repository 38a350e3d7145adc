import { expect, test } from 'vitest';
import type { Event } from '../model/event.ts';
import { bricksOf } from '../model/site.ts';
import type { SiteSpec } from '../model/site.ts';
import { node } from '../model/names.ts';
import { Live } from './live.ts';
import { volumePending } from './rest.ts';

const NODES = ['pve1', 'pve2', 'pve3'].map(node);
const SPEC = { nodes: NODES, volume: { name: 'v', layout: 'replica-3' }, routers: [] } as unknown as SiteSpec;

/** A volume at rest at 10 s. */
function resting(): Live {
  const live = new Live({ record: (body, epochMs = 10_000): Event => ({ seq: 0, atMs: epochMs, ...body }) });
  for (const one of NODES) live.record({ kind: 'node', node: one, state: 'up' });
  for (const { brick } of bricksOf(SPEC)) {
    for (const seenBy of NODES) live.record({ kind: 'brick', brick, seenBy, connected: true });
    live.record({ kind: 'backlog', brick, counts: { seen: true, xattrop: 0, dirty: 3, entryChanges: 0 } });
  }
  return live;
}

test('every client has every brick and nothing is to be healed: it rests, whatever is being written', () => {
  expect(volumePending(SPEC, resting(), 10_500)).toEqual([]);
});

test('a node that has just mended its brick may end it within seconds: that is no rest yet', () => {
  const live = resting();
  live.record({ kind: 'note', text: 'pve3: glusterd had lost its brick', mends: node('pve3') }, 8000);
  expect(volumePending(SPEC, live, 10_500)).toEqual(['pve3 mends its brick']);
  live.record({ kind: 'note', text: 'something else' }, 9000);
  expect(volumePending(SPEC, live, 10_500)).toEqual(['pve3 mends its brick']);
  expect(volumePending(SPEC, live, 14_500)).not.toContain('pve3 mends its brick');
});
