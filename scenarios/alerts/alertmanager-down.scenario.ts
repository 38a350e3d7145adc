import { scenario } from '../stage.ts';
import { outageWith } from './chain.ts';

scenario({
  id: 'alertmanager-down',
  title: 'both Alertmanagers hang',
  why: 'Prometheus sees everything and has nobody to tell it to; who watches the offsite one is a question for the site.',
  ...outageWith('alertmanager-down'),
  expect: { verdict: 'broken', broken: ['person-acknowledged'] },
});
