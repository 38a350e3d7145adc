import { scenario } from '../stage.ts';
import { troubleWith } from './chain.ts';

scenario({
  id: 'heartbeat-missing',
  title: 'the monitoring inside dies, and offsite somebody misses its heartbeat',
  why: 'A monitoring that is dead says as little as one that has nothing to say; only a heartbeat tells them apart.',
  ...troubleWith(
    ['inside-monitoring-dead'],
    {
      name: 'start the monitoring inside again',
      does: { kind: 'end-fault', fault: 'inside-monitoring-dead' },
      why: 'the runbook of HeartbeatMissing says so',
    },
    30,
  ),
  expect: { verdict: 'holds', broken: [], told: ['HeartbeatMissing'] },
});
