import { fixedDelay } from '../../harness/index.ts';
import { CALLED, DELAY_SECONDS, ONE_NIGHT, ORACLES_WITH_PEOPLE, site, UPGRADE } from '../sites.ts';
import { scenario } from '../stage.ts';

scenario({
  id: 'on-call-both',
  title: 'the incident with both: escalation and a backup connection, minutes instead of half a day',
  why: 'Somebody is awake within minutes and goes in at once: what is left of the outage is the restore.',
  site: site({ layout: 'replica-2', options: 'defaults', oob: true }),
  procedure: fixedDelay(UPGRADE, DELAY_SECONDS),
  aftermath: CALLED,
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
      'gate-honest',
    ],
    // A restore removes the split files when the node it runs on can; whether their index entries go with them is up to the next crawl.
    mayBreak: ['heal-converges', 'replicas-agree', 'witnesses-agree'],
  },
});
