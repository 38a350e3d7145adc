import { expect, test } from 'vitest';
import { node } from '../../harness/index.ts';
import { smallSite } from '../small-lab.fixture.ts';
import { healTimeOf, keepPace, limitLink, paceOf } from './pace.ts';

test('a machine is at most four times as slow as the reference, and never faster', () => {
  expect([5, 13, 26, 32.5, 300].map(paceOf)).toEqual([1, 1, 2, 2.5, 4]);
});

test('the fixed delay is as long everywhere: a heal gets less more time than the steps around it', () => {
  expect(healTimeOf(1)).toBe(1);
  expect(healTimeOf(2)).toBeCloseTo(22 / 15);
});

test('where a lab opens half as fast, its links carry less by as much as a heal gets more time; on a quick machine nothing is touched', async () => {
  const lines: string[] = [];
  const types = async (on: string, line: string) => {
    lines.push(`${on}: ${line}`);
    return '';
  };
  const spec = smallSite({ storageMbit: 80, nodes: [node('pve1'), node('pve2')] });
  expect(await keepPace(spec, 12, types)).toBeUndefined();
  expect(lines).toEqual([]);
  expect(await keepPace(spec, 26, types)).toMatch(/2\.0 times as slowly .* carry 55 instead of 80 Mbit/);
  expect(lines).toEqual([`pve1: ${limitLink(55)}`, `pve2: ${limitLink(55)}`]);
});
