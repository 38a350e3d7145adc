import { fixedDelay } from '../../harness/index.ts';
import { DELAY_SECONDS, NOON, ONE_NIGHT, ORACLES_WITH_PEOPLE, site, UPGRADE } from '../sites.ts';
import { scenario } from '../stage.ts';

scenario({
  id: 'on-call-oob',
  title: 'the incident with a backup connection: he sleeps, but needs no travel',
  why: 'A way in that does not need the routers spares the way and the wait for a free hour, not the sleep.',
  site: site({ layout: 'replica-2', options: 'defaults', oob: true }),
  procedure: fixedDelay(UPGRADE, DELAY_SECONDS),
  aftermath: NOON,
  settleSeconds: 12,
  comparison: ONE_NIGHT,
  oracles: ORACLES_WITH_PEOPLE,
  expect: {
    verdict: 'broken',
    broken: [
      'no-lost-write',
      'no-split-brain',
      'gateway-available',
      'router-disk-readable',
      'operator-reach',
      'person-acknowledged',
      'gate-honest',
    ],
    // A restore removes the split files when the node it runs on can; whether their index entries go with them is up to the next crawl.
    mayBreak: ['heal-converges', 'replicas-agree', 'witnesses-agree'],
  },
});
