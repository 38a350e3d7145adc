import { fixedDelay } from '../../harness/index.ts';
import { DELAY_SECONDS, ORACLES, site, UPGRADE } from '../sites.ts';
import { scenario } from '../stage.ts';

scenario({
  id: 'zombie-master-replica-2',
  title: 'the incident with routers that go on without a disk',
  why: 'A zombie master forwards from memory with a dead disk: nobody notices, CARP does not fail over, and the next reboot is the last.',
  site: site({ layout: 'replica-2', options: 'defaults', diskErrorPolicy: 'report' }),
  procedure: fixedDelay(UPGRADE, DELAY_SECONDS),
  settleSeconds: 12,
  oracles: ORACLES,
  expect: {
    verdict: 'broken',
    broken: ['no-lost-write', 'no-split-brain', 'router-disk-readable', 'gate-honest'],
    mayBreak: ['heal-converges', 'replicas-agree', 'witnesses-agree'],
  },
});
