import { fixedDelay } from '../../harness/index.ts';
import { DELAY_SECONDS, ORACLES, site, UPGRADE } from '../sites.ts';
import { scenario } from '../stage.ts';

scenario({
  id: 'fixed-delay-replica-3',
  title: 'three copies, a fixed delay: the sole good copy is rebooted and both routers lose their disks',
  why: 'Quorum keeps the data whole and takes it away instead: the node that holds the only good copy goes down.',
  site: site({ layout: 'replica-3', options: 'virt' }),
  procedure: fixedDelay(UPGRADE, DELAY_SECONDS),
  settleSeconds: 90,
  oracles: ORACLES,
  expect: {
    verdict: 'broken',
    broken: ['gateway-available', 'router-disk-readable', 'operator-reach', 'gate-honest'],
    // heal info is blind while a brick is away: whether it is asked just then is chance.
    mayBreak: ['witnesses-agree'],
  },
});
