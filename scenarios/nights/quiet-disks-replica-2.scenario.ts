import { fixedDelay } from '../../harness/index.ts';
import { DELAY_SECONDS, ORACLES_WITHOUT_WRITES, site, UPGRADE } from '../sites.ts';
import { scenario } from '../stage.ts';

scenario({
  id: 'quiet-disks-replica-2',
  title: 'control: the incident with routers that write nothing to their disks',
  why: 'If this night broke too, the writes would not be what matters.',
  site: site({ layout: 'replica-2', options: 'defaults', writeEveryMs: 0 }),
  procedure: fixedDelay(UPGRADE, DELAY_SECONDS),
  settleSeconds: 60,
  oracles: ORACLES_WITHOUT_WRITES,
  expect: {
    verdict: 'holds',
    broken: [],
  },
});
