/** Published gates, rebuilt, are fooled by exactly the states that one expects; the others, and the strict one on all states, in the longer test beside. */
import { expect, test } from 'vitest';
import { scoreAll } from '../../harness/index.ts';
import { attacker, FOOLED_BY, names, SICK, specimen } from './specimens.fixture.ts';

const attacked = attacker();

test.each(['vendor-sum', 'ovirt-last-character', 'openshift-equal-zero'])(
  '%s is fooled where its arithmetic is',
  { timeout: 60_000 },
  async (name) => {
    const results = await attacked(specimen(name));
    expect(names(results, 'fooled').toSorted()).toEqual(FOOLED_BY[name]?.toSorted());
    expect(names(results, 'blocked')).toEqual([]);
    expect(scoreAll(results).findings).toEqual([]);
  },
);

test('who always says go is fooled everywhere', { timeout: 60_000 }, async () => {
  expect(names(await attacked('true'), 'fooled')).toEqual(SICK);
});

test('who never says go is never fooled, and blocks all that is healthy', { timeout: 60_000 }, async () => {
  const results = await attacked('false');
  expect(names(results, 'fooled')).toEqual([]);
  expect(names(results, 'blocked')).toEqual(['healthy-idle', 'healthy-writing', 'healthy-slow']);
  expect(scoreAll(results).findings).toHaveLength(2);
});
