import { scenario } from '../stage.ts';
import { specimenNight } from './specimen.ts';

scenario({
  id: 'docs-eyeball-replica-2',
  title: 'two copies, with the published gate "docs-eyeball"',
  why: 'What a gate lets through on a real cluster counts more than what it lets through on paper.',
  ...specimenNight('docs-eyeball', 'replica-2'),
  expect: { verdict: 'holds', broken: [] },
});
