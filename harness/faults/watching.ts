/** Faults of those who watch: nothing is wrong with the site itself, and no condition of a gate can see them. */
import type { Fault } from './fault.ts';

const OF_THE_CHAIN = { layout: 'replica-3', hits: 2, asked: 1, needsWriter: false, shuts: [] } as const;

export const WATCHING_FAULTS: readonly Fault[] = [
  {
    ...OF_THE_CHAIN,
    name: 'silence-left-on',
    says: 'a silence for everything, inside and offsite, is left over from the last maintenance',
    standsFor: 'lesson 3 of the incident; any silence without an end in sight',
    // It fires offsite, and is kept quiet like everything else.
    noticedBy: ['HeartbeatMissing'],
    receipt: 'both Alertmanagers list it as active',
    ends: 'amtool silence expire',
    limit: 'none known',
  },
  {
    ...OF_THE_CHAIN,
    name: 'alertmanager-down',
    says: 'Alertmanager hangs, inside and offsite: rules fire, and nobody sends anything',
    standsFor: 'a full disk, a broken configuration after an upgrade',
    // It fires offsite, and nobody there sends it.
    noticedBy: ['HeartbeatMissing'],
    receipt: 'a request to each of them gets no answer',
    ends: 'SIGCONT',
    limit: 'stopped by a signal, so that it can go on; who has crashed turns connections away',
  },
  {
    ...OF_THE_CHAIN,
    name: 'exporter-gone',
    says: 'nobody answers for a node at its node exporter',
    standsFor: 'an exporter that dies with what it watches',
    // Not by MetricAbsent where the site has an exporter of its own: that reads every brick's index, too.
    noticedBy: ['ExporterGone'],
    receipt: 'another node’s connection to its port is turned away',
    ends: 'systemctl start prometheus-node-exporter',
    limit: 'stopped in order, not crashed',
  },
  {
    ...OF_THE_CHAIN,
    name: 'site-exporter-stuck',
    says: 'healproof exporter hangs: nobody judges the volume any more, and its last word was good',
    standsFor: 'an exporter that waits for ever; metrics that go away look like metrics that are 0',
    noticedBy: ['ExporterGone', 'ExporterSilent'],
    receipt: 'Prometheus inside gets no answer from it',
    ends: 'SIGCONT',
    limit: 'stopped by a signal, so that it can go on',
  },
  {
    ...OF_THE_CHAIN,
    name: 'textfile-stale',
    says: 'what a node tells of itself by a textfile is not written any more, and its last word is served for ever',
    standsFor: 'a timer that is off since an upgrade; a script that hangs',
    noticedBy: ['MetricsStale'],
    receipt: 'another node sees the same time of writing twice',
    ends: 'SIGCONT',
    limit: 'who writes it is stopped by a signal, so that it can go on',
  },
  {
    ...OF_THE_CHAIN,
    name: 'probers-gone',
    says: 'the blackbox exporters hang, inside and offsite: nobody looks at routers, gateway and page',
    standsFor:
      'a target that was forgotten; an exporter that is gone: a probe that is not made fails for nobody',
    noticedBy: ['RouterProbeAbsent', 'OffsiteProbeAbsent'],
    receipt: 'a request to each of them gets no answer',
    ends: 'SIGCONT',
    limit: 'stopped by a signal, so that they can go on',
  },
  {
    ...OF_THE_CHAIN,
    name: 'inside-monitoring-dead',
    says: 'Prometheus and Alertmanager inside the site hang: its silence means nothing',
    standsFor: 'a monitoring VM on the volume that it watches',
    noticedBy: ['HeartbeatMissing'],
    receipt: 'the offsite pager counts no more heartbeats',
    ends: 'SIGCONT',
    limit: 'stopped by a signal, so that they can go on',
  },
];
