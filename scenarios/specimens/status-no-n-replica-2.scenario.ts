import { scenario } from '../stage.ts';
import { specimenNight } from './specimen.ts';

scenario({
  id: 'status-no-n-replica-2',
  title: 'two copies, with the published gate "status-no-n"',
  why: 'What a gate lets through on a real cluster counts more than what it lets through on paper.',
  ...specimenNight('status-no-n', 'replica-2'),
  expect: { verdict: 'holds', broken: [] },
});
