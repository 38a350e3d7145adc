import { scenario } from '../stage.ts';
import { specimenNight } from './specimen.ts';

scenario({
  id: 'openshift-equal-zero-replica-2',
  title: 'two copies, with the published gate "openshift-equal-zero"',
  why: 'What a gate lets through on a real cluster counts more than what it lets through on paper.',
  ...specimenNight('openshift-equal-zero', 'replica-2'),
  // It looks once. Right after a reboot, while the clients still wait for the node that went down, nothing is listed yet: luck decides.
  expect: { verdict: 'holds', broken: [], mayBreak: ['gate-honest'] },
});
