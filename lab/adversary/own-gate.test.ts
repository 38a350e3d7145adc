import { expect, test } from 'vitest';
import { attackStates, DEFAULT_SITE, HEALED } from '../../harness/index.ts';
import { attack } from './attack.ts';
import { ownGate } from './own-gate.ts';

/** All states are in the longer test beside, and in `healproof attack-gate --own`. */
const SOME = ['mount-lost-a-brick', 'healthy-writing'];

test(
  'our gate sees what no command shows, and opens for a healthy cluster',
  { timeout: 120_000 },
  async () => {
    const results = await attack(ownGate(HEALED), {
      site: DEFAULT_SITE,
      states: attackStates(DEFAULT_SITE).filter((one) => SOME.includes(one.name)),
      when: { kind: 'exit', code: 0 },
      limitMs: 60_000,
      speed: 1000,
      leastPatienceSeconds: 30,
    });
    const found = Object.fromEntries(
      results.map(({ state, run, worth }) => [state.name, [worth, run.stdout]]),
    );
    expect(found).toMatchObject({
      'mount-lost-a-brick': [
        'survived',
        expect.stringMatching(/C2: pve1:\S+ is not connected to brick pve3:/),
      ],
      'healthy-writing': ['survived', ''],
    });
  },
);
