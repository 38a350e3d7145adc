import { expect, test } from 'vitest';
import { everyOracle } from './index.ts';
import { oracleTable, withOracleTable } from './table.ts';

const README =
  'before\n<!-- oracles: made by `node scenarios/write-oracle-table.ts`, do not edit -->\nstale rows\n<!-- end of oracles -->\nafter\n';

test('the table has a row for each oracle, and names are unique', () => {
  const oracles = everyOracle();
  expect(oracleTable(oracles).split('\n')).toHaveLength(oracles.length + 2);
  expect(new Set(oracles.map(({ name }) => name)).size).toBe(oracles.length);
});

test('the table takes the place of the old one and of nothing else', () => {
  const made = withOracleTable(README, everyOracle());
  expect(made).toMatch(/^before\n/);
  expect(made).toMatch(/\nafter\n$/);
  expect(made).not.toContain('stale rows');
  expect(withOracleTable(made, everyOracle())).toBe(made);
});

test('a bar in a sentence does not end the cell', () => {
  const [oracle] = everyOracle();
  expect(oracleTable([{ ...oracle, means: 'a | b' }])).toContain('a \\| b');
});

test('a README without a place for the table is an error that says what to do', () => {
  expect(() => withOracleTable('nothing', everyOracle())).toThrow(/put them where the table belongs/);
});
