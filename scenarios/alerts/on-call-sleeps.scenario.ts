import { fixedDelay } from '../../harness/index.ts';
import { DELAY_SECONDS, NOON, ONE_NIGHT, ORACLES_WITH_PEOPLE, site, UPGRADE } from '../sites.ts';
import { scenario } from '../stage.ts';

scenario({
  id: 'on-call-sleeps',
  title: 'the incident as it was: pages to one phone, and its owner sleeps',
  why: 'The monitoring worked and the poller was quick; nobody read it before seven, and nobody could be there before noon.',
  site: site({ layout: 'replica-2', options: 'defaults' }),
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
