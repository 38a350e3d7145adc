import { fixedDelay } from '../../harness/index.ts';
import { DELAY_SECONDS, NOON, ORACLES, site, UPGRADE } from '../sites.ts';
import { scenario } from '../stage.ts';

scenario({
  id: 'fixed-delay-replica-2',
  title: 'the incident: two copies, a fixed delay, both router disks in split-brain',
  why: 'Each of two copies took writes while the other was away and unhealed; neither can be believed afterwards.',
  site: site({ layout: 'replica-2', options: 'defaults' }),
  procedure: fixedDelay(UPGRADE, DELAY_SECONDS),
  aftermath: NOON,
  settleSeconds: 12,
  oracles: ORACLES,
  expect: {
    verdict: 'broken',
    broken: [
      'no-lost-write',
      'no-split-brain',
      'gateway-available',
      'router-disk-readable',
      'operator-reach',
      'gate-honest',
    ],
    // A restore removes the split files when the node it runs on can; whether their index entries go with them is up to the next crawl.
    mayBreak: ['heal-converges', 'replicas-agree', 'witnesses-agree'],
  },
});
