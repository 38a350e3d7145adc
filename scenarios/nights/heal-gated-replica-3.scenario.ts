import { healGated } from '../../harness/index.ts';
import { GATE_BUDGET_SECONDS, ORACLES_OF_A_ROUND, site, UPGRADE } from '../sites.ts';
import { scenario } from '../stage.ts';

scenario({
  id: 'heal-gated-replica-3',
  title: 'three copies, with the gate: the same night, and nobody notices it',
  why: 'The gate must be quick enough to be used and strict enough to be believed on this layout too.',
  site: site({ layout: 'replica-3', options: 'virt' }),
  procedure: healGated(UPGRADE, 'healed', GATE_BUDGET_SECONDS),
  settleSeconds: 90,
  oracles: ORACLES_OF_A_ROUND,
  expect: {
    verdict: 'holds',
    broken: [],
  },
});
