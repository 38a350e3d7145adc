import { expect, test } from 'vitest';
import { flawsOfEngine } from './usable.ts';

const GOOD = { apiVersion: '1.41', rootless: false, remapped: false, arch: 'amd64' };

test.each([
  [GOOD, []],
  [{ ...GOOD, apiVersion: '1.52' }, []],
  [{ ...GOOD, arch: '' }, []],
  [{ ...GOOD, apiVersion: '1.40' }, ['engine']],
  [{ ...GOOD, rootless: true }, ['rootless']],
  [{ ...GOOD, remapped: true }, ['userns-remap']],
  [{ ...GOOD, arch: 'arm64' }, ['machine']],
])('%j', (engine, names) => {
  const flaws = flawsOfEngine(engine);
  expect(flaws.map(({ name }) => name)).toEqual(names);
  expect(flaws.filter(({ found, why, fix }) => [found, why, fix].includes(''))).toEqual([]);
});
