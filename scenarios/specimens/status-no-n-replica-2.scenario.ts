import { scenario } from '../stage.ts';
import { specimenNight } from './specimen.ts';

scenario({
  id: 'status-no-n-replica-2',
  title: 'two copies, with the published gate "status-no-n"',
  why: 'What a gate lets through on a real cluster counts more than what it lets through on paper.',
  ...specimenNight('status-no-n', 'replica-2'),
  expect: {
    verdict: 'broken',
    broken: ['no-split-brain', 'gateway-available', 'router-disk-readable', 'operator-reach', 'gate-honest'],
    // Nobody restores the routers in this story, so what they had acknowledged can't be read to its end.
    mayBreak: ['no-lost-write', 'heal-converges', 'replicas-agree', 'witnesses-agree'],
  },
});
