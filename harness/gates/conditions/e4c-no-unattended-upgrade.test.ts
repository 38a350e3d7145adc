import { expect, it } from 'vitest';
import { extra, shut } from '../asking.fixture.ts';
import type { Row } from '../asking.fixture.ts';

it.each<Row>([
  [
    'a timer',
    extra('automation', { units: [{ name: 'apt-daily.timer', enabled: 'enabled', active: 'active' }] }),
    { E4c: 'refused' },
  ],
])('%s', (_, facts, expected) => {
  expect(shut([facts])).toEqual(expected);
});
