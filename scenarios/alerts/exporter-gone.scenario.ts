import { scenario } from '../stage.ts';
import { HIT, troubleWith } from './chain.ts';

scenario({
  id: 'exporter-gone',
  title: 'a brick dies, and the exporter of its node has died before it',
  why: 'Who asks a node about its own brick hears nothing and thinks that all is well; the clients on the other nodes know better.',
  ...troubleWith(
    ['exporter-gone', 'brick-killed'],
    {
      name: 'start the brick and the exporter again',
      does: {
        kind: 'type',
        on: HIT,
        line: 'gluster --mode=script volume start vmstore force && systemctl start prometheus-node-exporter',
        limitSeconds: 30,
      },
      why: 'the runbook of BrickDown says so',
    },
    // BrickDown takes 15 minutes, 30 s in a lab.
    50,
    // An exporter for the whole site would read the brick by itself.
    { exporter: false },
  ),
  expect: { verdict: 'holds', broken: [], told: ['BrickDown', 'ExporterGone', 'MetricAbsent'] },
});
