import { expect, it } from 'vitest';
import { extra, shut, unseen } from '../asking.fixture.ts';
import type { Row } from '../asking.fixture.ts';
import { extrasOf } from '../extras.fixture.ts';
import { idOf, NAMES, nodeOf, site } from '../site.fixture.ts';

it.each<Row>([
  ['another op-version', extra('config', { opVersion: 90_000 }), { A4: 'refused' }],
  ['a second version', extra('config', { installed: '11.1' }), {}],
  [
    'a third version',
    site({
      nodes: NAMES.map((name, index) => {
        const extras = extrasOf(name);
        const config = extras.config.seen ? { ...extras.config, installed: `1${index}.1` } : extras.config;
        return nodeOf(name, { extra: { ...extras, config } });
      }),
    }),
    { A4: 'refused' },
  ],
  [
    'an old client',
    extra(
      'clients',
      { bricks: [{ brick: idOf('pve1'), clients: [{ host: 'h', port: 1, opVersion: 30_000 }] }] },
      'pve1',
    ),
    { A4: 'refused' },
  ],
  [
    'clients that nobody showed',
    site({ nodes: NAMES.map((name) => nodeOf(name, { extra: { ...extrasOf(name), clients: unseen } })) }),
    { A4: 'unknown' },
  ],
])('%s', (_, facts, expected) => {
  expect(shut([facts])).toEqual(expected);
});
