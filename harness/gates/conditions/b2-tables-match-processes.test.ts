import { expect, it } from 'vitest';
import { shut, status } from '../asking.fixture.ts';
import type { Row } from '../asking.fixture.ts';
import type { GateFacts } from '../facts.ts';
import { nodeOf } from '../site.fixture.ts';

const rows = (change: object, kind: string): GateFacts => {
  const whole = nodeOf('pve1').status;
  return status('pve1', {
    rows: (whole.seen ? whole.rows : []).map((row) =>
      row.kind === kind && row.uuid === 'uuid-pve3' ? { ...row, ...change } : row,
    ),
  });
};

it.each<Row>([
  ['another pid', rows({ pid: 77 }, 'brick'), { B2: 'held' }],
  ['another port', rows({ port: 77 }, 'brick'), { B2: 'held' }],
  ['another pid of the daemon', rows({ pid: 77 }, 'self-heal'), { B2: 'held' }],
])('%s', (_, facts, expected) => {
  expect(shut([facts])).toEqual(expected);
});
