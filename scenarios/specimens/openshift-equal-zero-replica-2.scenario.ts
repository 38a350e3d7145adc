import { scenario } from '../stage.ts';
import { LUCK_OF_ONE_LOOK, specimenNight } from './specimen.ts';

scenario({
  id: 'openshift-equal-zero-replica-2',
  title: 'two copies, with the published gate "openshift-equal-zero"',
  why: 'What a gate lets through on a real cluster counts more than what it lets through on paper.',
  ...specimenNight('openshift-equal-zero', 'replica-2'),
  expect: LUCK_OF_ONE_LOOK,
});
