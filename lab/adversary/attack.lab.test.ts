/** Every rebuilt gate, the strict one and the product's own against every state. Needs no engine, but minutes. */
import { expect, test } from 'vitest';
import { attackStates, DEFAULT_SITE, HEALED } from '../../harness/index.ts';
import { attack } from './attack.ts';
import { ownGate } from './own-gate.ts';
import { attacker, FOOLED_BY, names, specimen, STATES } from './specimens.fixture.ts';

const attacked = attacker();

test.each(Object.keys(FOOLED_BY))('%s is fooled where one expects', { timeout: 120_000 }, async (name) => {
  const results = await attacked(specimen(name));
  expect(names(results, 'fooled').toSorted()).toEqual(FOOLED_BY[name]?.toSorted());
  expect(names(results, 'blocked')).toEqual([]);
});

test('a strict gate survives all', { timeout: 120_000 }, async () => {
  const results = await attacked(specimen('strict'));
  expect(names(results, 'survived')).toEqual(STATES.map((one) => one.name));
});

test('our gate survives all', { timeout: 600_000 }, async () => {
  const states = attackStates(DEFAULT_SITE);
  const results = await attack(ownGate(HEALED), {
    site: DEFAULT_SITE,
    states,
    when: { kind: 'exit', code: 0 },
    limitMs: 300_000,
    speed: 60,
    leastPatienceSeconds: 10,
    jobs: 2,
  });
  expect(names(results, 'survived')).toEqual(states.map((one) => one.name));
});
