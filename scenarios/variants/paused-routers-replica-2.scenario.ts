import { fixedDelay } from '../../harness/index.ts';
import { DELAY_SECONDS, NOON, ORACLES, site, UPGRADE } from '../sites.ts';
import { scenario } from '../stage.ts';

scenario({
  id: 'paused-routers-replica-2',
  title: 'the incident with routers whose VM stops on a disk error',
  why: 'werror=stop loses nothing inside the guest, but both routers pause, and nobody can resume them while the disk is split.',
  site: site({ layout: 'replica-2', options: 'defaults', diskErrorPolicy: 'stop' }),
  procedure: fixedDelay(UPGRADE, DELAY_SECONDS),
  aftermath: NOON,
  settleSeconds: 12,
  oracles: ORACLES,
  expect: {
    verdict: 'broken',
    broken: [
      'no-lost-write',
      'no-split-brain',
      'router-disk-readable',
      'gate-honest',
      'gateway-available',
      'operator-reach',
    ],
    mayBreak: ['heal-converges', 'replicas-agree', 'witnesses-agree'],
  },
});
