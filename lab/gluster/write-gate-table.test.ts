import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { made, README } from './write-gate-table.ts';

test('the tables of the gates’ README are what code and captures say (else: node lab/gluster/write-gate-table.ts)', async () => {
  const readme = readFileSync(README, 'utf8');
  expect(readme).toBe(await made(readme));
});
