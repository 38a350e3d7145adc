import { scenario } from '../stage.ts';
import { MATRIX_LIMIT_MS, watchedMatrix } from './plan.ts';

scenario(
  {
    id: 'watching-data-replica-2',
    title:
      'fault × alert on two copies: who notices the three kinds of split-brain, and when, beside what public rule sets notice',
    why: 'A rule that no real fault can fire is a decoration, and one that pages for nothing is switched off by the third night.',
    ...watchedMatrix(['data'], 'replica-2'),
    expect: { verdict: 'holds', broken: [] },
  },
  MATRIX_LIMIT_MS,
);
