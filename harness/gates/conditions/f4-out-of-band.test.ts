import { expect, it } from 'vitest';
import { shut, unseen } from '../asking.fixture.ts';
import type { Row } from '../asking.fixture.ts';
import { SITE, SURROUNDINGS } from '../extras.fixture.ts';
import type { GateFacts } from '../facts.ts';
import type { Surroundings } from '../site-facts.ts';
import { site } from '../site.fixture.ts';

const around = (change: Partial<Surroundings>): GateFacts =>
  site({ surroundings: { ...SURROUNDINGS, ...change } });

it.each<Row>([
  [
    'a way in that is closed',
    around({
      outOfBand: { seen: true, tried: [{ of: 'pve1', where: '198.18.2.1:443', ok: false, said: 'refused' }] },
    }),
    { F4: 'held' },
  ],
  ['one that was not tried', around({ outOfBand: { seen: true, tried: [] } }), { F4: 'unknown' }],
  ['not tried at all', around({ outOfBand: unseen }), { F4: 'unknown' }],
])('%s', (_, facts, expected) => {
  expect(shut([facts])).toEqual(expected);
});

it('two ways of one name are two', () => {
  const outOfBand = [
    { of: 'root', host: '198.18.2.1', port: 22 },
    { of: 'root', host: '198.18.2.2', port: 22 },
  ];
  const tried = outOfBand.map(({ of, host, port }, at) => ({
    of,
    where: `${host}:${port}`,
    ok: at === 0,
    said: 'refused',
  }));
  const looks = [around({ outOfBand: { seen: true, tried } })] as const;
  expect(shut(looks, { site: { ...SITE, outOfBand } })).toEqual({ F4: 'held' });
});
