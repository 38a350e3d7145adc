import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { made, README } from './write-oracle-table.ts';

test('the table of oracles in the README is what the code says (else: node scenarios/write-oracle-table.ts)', () => {
  const readme = readFileSync(README, 'utf8');
  expect(readme).toBe(made(readme));
});
