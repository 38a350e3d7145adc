import { scenario } from '../stage.ts';
import { LUCK_OF_ONE_LOOK, specimenNight } from './specimen.ts';

scenario({
  id: 'ovirt-map-int-replica-2',
  title: 'two copies, with the published gate "ovirt-map-int"',
  why: 'What a gate lets through on a real cluster counts more than what it lets through on paper.',
  ...specimenNight('ovirt-map-int', 'replica-2'),
  expect: LUCK_OF_ONE_LOOK,
});
