import { expect, test } from 'vitest';
import { node } from '../../harness/index.ts';
import { smallSite } from '../small-lab.fixture.ts';
import { keepPace, limitLink, paceOf } from './pace.ts';

test('a machine is at most four times as slow as the reference, and never faster', () => {
  expect([5, 11, 22, 27.5, 300].map(paceOf)).toEqual([1, 1, 2, 2.5, 4]);
});

test('where a lab opens half as fast, its links carry half as much; on a quick machine nothing is touched', async () => {
  const lines: string[] = [];
  const types = async (on: string, line: string) => {
    lines.push(`${on}: ${line}`);
    return '';
  };
  const spec = smallSite({ storageMbit: 80, nodes: [node('pve1'), node('pve2')] });
  expect(await keepPace(spec, 11, types)).toBeUndefined();
  expect(lines).toEqual([]);
  expect(await keepPace(spec, 22, types)).toMatch(/2\.0 times as slowly .* carry 40 instead of 80 Mbit/);
  expect(lines).toEqual([`pve1: ${limitLink(40)}`, `pve2: ${limitLink(40)}`]);
});
