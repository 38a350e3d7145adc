import { healGated } from '../../harness/index.ts';
import { GATE_BUDGET_SECONDS, ORACLES_OF_A_ROUND, site, UPGRADE } from '../sites.ts';
import { scenario } from '../stage.ts';

scenario({
  id: 'heal-gated-replica-2',
  title: 'two copies, with the gate: the same night, and nobody notices it',
  why: 'The next node goes down only when the last one has its data back.',
  site: site({ layout: 'replica-2', options: 'defaults' }),
  procedure: healGated(UPGRADE, 'healed', GATE_BUDGET_SECONDS),
  settleSeconds: 90,
  oracles: ORACLES_OF_A_ROUND,
  expect: {
    verdict: 'holds',
    broken: [],
  },
});
