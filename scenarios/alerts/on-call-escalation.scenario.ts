import { fixedDelay } from '../../harness/index.ts';
import { CALLED, DELAY_SECONDS, ONE_NIGHT, ORACLES_WITH_PEOPLE, site, UPGRADE } from '../sites.ts';
import { scenario } from '../stage.ts';

scenario({
  id: 'on-call-escalation',
  title: 'the incident with escalation: calls, and a second person',
  why: 'Somebody is awake within minutes, and still has to travel: the routers were the only way in.',
  site: site({ layout: 'replica-2', options: 'defaults' }),
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
