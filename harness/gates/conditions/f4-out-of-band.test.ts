import { expect, it } from 'vitest';
import { shut, unseen } from '../asking.fixture.ts';
import type { Row } from '../asking.fixture.ts';
import { SURROUNDINGS } from '../extras.fixture.ts';
import type { GateFacts } from '../facts.ts';
import type { Surroundings } from '../site-facts.ts';
import { site } from '../site.fixture.ts';

const around = (change: Partial<Surroundings>): GateFacts =>
  site({ surroundings: { ...SURROUNDINGS, ...change } });

it.each<Row>([
  [
    'a way in that is closed',
    around({
      outOfBand: { seen: true, tried: [{ of: 'pve1', where: 'x:1', ok: false, said: 'refused' }] },
    }),
    { F4: 'held' },
  ],
  ['one that was not tried', around({ outOfBand: { seen: true, tried: [] } }), { F4: 'unknown' }],
  ['not tried at all', around({ outOfBand: unseen }), { F4: 'unknown' }],
])('%s', (_, facts, expected) => {
  expect(shut([facts])).toEqual(expected);
});
