import { scenario } from '../stage.ts';
import { outageWith } from './chain.ts';

scenario({
  id: 'silence-left-on',
  title: 'a silence from the last maintenance is still on',
  why: 'Every rule fires, inside and offsite, and both Alertmanagers have been told to keep quiet about everything.',
  ...outageWith('silence-left-on'),
  expect: { verdict: 'broken', broken: ['person-acknowledged'] },
});
