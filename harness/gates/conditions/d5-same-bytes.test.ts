import { expect, it } from 'vitest';
import { shut, unseen } from '../asking.fixture.ts';
import type { Row } from '../asking.fixture.ts';
import { brickOf, image, NAMES, site, withBrick } from '../site.fixture.ts';

it.each<Row>([
  ['other bytes', withBrick('pve3', { files: [{ ...image(), sha256: 'b'.repeat(64) }] }), { D5: 'refused' }],
  ['nothing compared', site({ sums: unseen }), { D5: 'unknown' }],
  [
    'no quiet file',
    site({
      bricks: NAMES.map((name) => {
        const { sha256: _, ...hot } = image();
        return brickOf(name, { files: [hot] });
      }),
    }),
    { D5: 'unknown' },
  ],
])('%s', (_, facts, expected) => {
  expect(shut([facts])).toEqual(expected);
});

it('what is accused is not compared: its bytes differ for a reason that everybody knows', () => {
  const pending = { 'trusted.afr.v-client-2': `00000001${'0'.repeat(16)}` };
  const settled = { ...image(), path: '/images/101/other.raw' };
  const facts = site({
    bricks: NAMES.map((name) =>
      brickOf(name, {
        files: [name === 'pve3' ? { ...image(), sha256: 'b'.repeat(64) } : image(pending), settled],
      }),
    ),
  });
  expect(shut([facts])).not.toHaveProperty('D5');
});
