import { expect, it } from 'vitest';
import { says, shut } from './asking.fixture.ts';
import { site } from './site.fixture.ts';

it('where no image was found nothing is known of images', () => {
  const nothing = site({ audited: { seen: true, images: [], patterns: ['images/*/*', '*.qcow2'] } });
  expect(shut([nothing])).toEqual({ D4: 'unknown', D6: 'unknown' });
  expect(says(nothing, 'D4')).toContain('no VM image matches images/*/* *.qcow2');
});
