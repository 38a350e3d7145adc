import { expect, it } from 'vitest';
import { extra, shut } from '../asking.fixture.ts';
import type { Row } from '../asking.fixture.ts';
import type { GateFacts } from '../facts.ts';
import { NAMES, nodeOf, site } from '../site.fixture.ts';

it.each<Row>([['another checksum', extra('config', { checksum: '2' }), { A1: 'refused' }]])(
  '%s',
  (_, facts, expected) => {
    expect(shut([facts])).toEqual(expected);
  },
);

it('other options, and the order of options does not matter', () => {
  const info = nodeOf('pve3').info;
  const options = { a: '1', 'cluster.server-quorum-type': 'server' };
  const turned = { 'cluster.server-quorum-type': 'server', a: '1' };
  const all = (third: Readonly<Record<string, string>>): GateFacts =>
    site({
      nodes: NAMES.map((name) =>
        nodeOf(name, info.seen ? { info: { ...info, options: name === 'pve3' ? third : options } } : {}),
      ),
    });
  expect(shut([all(turned)])).toEqual({});
  expect(shut([all({ ...turned, a: '2' })])).toEqual({ A1: 'refused' });
});
