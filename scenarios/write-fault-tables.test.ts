import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { README, withCatalogue } from './write-fault-tables.ts';

test('the catalogue of faults in the README is what the code says (else: node scenarios/write-fault-tables.ts)', () => {
  const readme = readFileSync(README, 'utf8');
  expect(readme).toBe(withCatalogue(readme));
});
