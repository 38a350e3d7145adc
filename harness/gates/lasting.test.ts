import { expect, it } from 'vitest';
import { shut } from './asking.fixture.ts';
import { brickOf, IMAGE_GFID, NAMES, site } from './site.fixture.ts';

it('a file that a brick misses is a wound by the second look, however many looks before were clean', () => {
  const index = (dirtyOn: readonly string[]) =>
    site({
      bricks: NAMES.map((name) =>
        brickOf(name, {
          indexGfids: { xattrop: [], dirty: dirtyOn.includes(name) ? [IMAGE_GFID] : [], entryChanges: [] },
        }),
      ),
    });
  const clean = index([]);
  const wound = index(['pve1', 'pve2']);
  expect(shut([clean, clean, wound])).toEqual({});
  expect(shut([clean, clean, wound, wound])).toEqual({ D1: 'held' });
  expect(shut([clean, wound, index(['pve1'])])).toEqual({});
});
