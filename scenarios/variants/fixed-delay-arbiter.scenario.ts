import { fixedDelay } from '../../harness/index.ts';
import { DELAY_SECONDS, ORACLES, site, UPGRADE } from '../sites.ts';
import { scenario } from '../stage.ts';

scenario({
  id: 'fixed-delay-arbiter',
  title: 'two copies and an arbiter, a fixed delay: no split-brain, and no disks either',
  why: 'The arbiter knows that the copy which is left is stale; that saves the data, not the service.',
  site: site({ layout: 'replica-2-arbiter', options: 'virt' }),
  procedure: fixedDelay(UPGRADE, DELAY_SECONDS),
  settleSeconds: 90,
  oracles: ORACLES,
  expect: {
    verdict: 'broken',
    broken: ['gateway-available', 'router-disk-readable', 'operator-reach', 'gate-honest'],
    // A write may fail on both data copies one after the other; then the arbiter blames both, and nobody is left to heal from. And heal
    // info is blind while a brick is away: whether it is asked just then is chance.
    mayBreak: ['heal-converges', 'replicas-agree', 'witnesses-agree'],
  },
});
