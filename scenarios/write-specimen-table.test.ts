import { expect, test } from 'vitest';
import type { RunResult } from '../reports/index.ts';
import { specimenTable } from './write-specimen-table.ts';

test('what is not known is no zero, and a gate that was fooled is named', () => {
  const result = {
    scenario: 'some-gate-replica-2',
    volume: 'replica 2, defaults',
    verdict: 'broken',
    oracles: [{ name: 'gate-honest', verdict: 'broken', because: '' }],
    outageSeconds: 12.5,
    splitBrainFiles: null,
    lostWrites: 3,
  } as unknown as RunResult;
  const row = '| some-gate-replica-2 | replica 2, defaults | **broken** | yes | 12.5 | not known | 3 |';
  const table = specimenTable([result]);
  expect(table.split('\n').at(-1)).toBe(row);
  // Played again, it replaces its row; another one's stays.
  const other = row.replace('some-gate', 'other');
  expect(specimenTable([result], `${table.replace('12.5', '99')}\n${other}\n`)).toBe(`${table}\n${other}`);
});
