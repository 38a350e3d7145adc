import { healGated } from '../../harness/index.ts';
import {
  GATE_BUDGET_SECONDS,
  NOON,
  ONE_NIGHT,
  ORACLES_WITH_PEOPLE_OF_A_ROUND,
  site,
  UPGRADE,
} from '../sites.ts';
import { scenario } from '../stage.ts';

scenario({
  id: 'on-call-gate',
  title: 'the night with the gate: nobody has to be woken',
  why: 'The best page is the one that nobody needs.',
  site: site({ layout: 'replica-2', options: 'defaults' }),
  procedure: healGated(UPGRADE, 'healed', GATE_BUDGET_SECONDS),
  aftermath: NOON,
  settleSeconds: 90,
  comparison: ONE_NIGHT,
  oracles: ORACLES_WITH_PEOPLE_OF_A_ROUND,
  expect: {
    verdict: 'holds',
    broken: [],
  },
});
