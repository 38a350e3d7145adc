import { expect, it } from 'vitest';
import { changed, says, shut } from '../asking.fixture.ts';
import type { Row } from '../asking.fixture.ts';
import { withNode } from '../site.fixture.ts';

it.each<Row>([['a young brick', changed('pve3', 'brick', { ageMs: 5000 }), { B3d: 'held' }]])(
  '%s',
  (_, facts, expected) => {
    expect(shut([facts])).toEqual(expected);
  },
);

it('a node that has just come back', () => {
  const young = withNode('pve3', {
    identity: { seen: true, uuid: 'uuid-pve3', bootId: 'boot-pve3', uptimeMs: 35_000, epochMs: 0 },
  });
  expect(shut([young])).toEqual({ B3d: 'held' });
  expect(says(young, 'B3d')).toBe('pve3 has been up for 35 s of 600 s');
  expect(shut([young], { soakMs: 30_000 })).toEqual({});
});
