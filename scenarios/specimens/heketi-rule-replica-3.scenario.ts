import { scenario } from '../stage.ts';
import { specimenNight } from './specimen.ts';

scenario({
  id: 'heketi-rule-replica-3',
  title: 'three copies, with the published gate "heketi-rule"',
  why: 'What a gate lets through on a real cluster counts more than what it lets through on paper.',
  ...specimenNight('heketi-rule', 'replica-3'),
  expect: { verdict: 'holds', broken: [] },
});
