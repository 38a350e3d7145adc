import { customerFilesIntact, faultsNoticed, gatewayAvailable, USUAL_LIMITS } from '../../harness/index.ts';
import { site } from '../sites.ts';
import { scenario } from '../stage.ts';

scenario({
  id: 'quiet-night',
  title: 'a night in which nothing happens: nobody is paged',
  why: 'A page for nothing is what teaches people to sleep on. Every rule has its time, and a second time to be sure.',
  site: site({ layout: 'replica-3', options: 'virt', exporter: true }),
  procedure: {
    name: 'nothing',
    says: 'nobody does anything',
    steps: [
      {
        name: 'the night goes by',
        does: { kind: 'wait', seconds: 60 },
        why: 'twice the time of the slowest rule, in a lab',
      },
    ],
  },
  alerting: { naive: true },
  settleSeconds: 20,
  oracles: [faultsNoticed([]), gatewayAvailable(USUAL_LIMITS.gateway), customerFilesIntact()],
  expect: { verdict: 'holds', broken: [] },
});
