import { expect, test } from 'vitest';
import { node } from '../../harness/index.ts';
import type { Shell } from '../../harness/index.ts';
import { glance } from './glance.ts';
import { replay } from './replay.ts';

const { signal } = new AbortController();
const most = async (shells: readonly Shell[]) => (await glance(shells, 'vmstore', signal)).most;

test('what the captured bricks list, by the one that lists most', async () => {
  expect(await most(replay('healthy'))).toBe(0);
  const { bricks, most: listed } = await glance(replay('sole-good-copy'), 'vmstore', signal);
  expect(listed).toBeGreaterThan(0);
  expect(bricks).toHaveLength(3);
});

test('a node that does not answer makes it unknown, never less', async () => {
  const away: Shell = {
    node: node('pve3'),
    run: () => Promise.resolve({ kind: 'cut-off', because: 'away' }),
  };
  expect(await most([...replay('sole-good-copy').slice(0, 2), away])).toBeUndefined();
  expect(await most(replay('node-down'))).toBeUndefined();
  expect(await most([])).toBeUndefined();
});
