import { scenario } from '../stage.ts';
import { specimenNight } from './specimen.ts';

scenario({
  id: 'strict-replica-3',
  title: 'three copies, with a script of a hundred lines that believes nothing',
  why: 'What a gate lets through on a real cluster counts more than what it lets through on paper.',
  ...specimenNight('strict', 'replica-3'),
  expect: { verdict: 'holds', broken: [] },
});
