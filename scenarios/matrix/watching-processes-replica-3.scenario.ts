import { scenario } from '../stage.ts';
import { MATRIX_LIMIT_MS, watchedMatrix } from './plan.ts';

scenario(
  {
    id: 'watching-processes-replica-3',
    title:
      'fault × alert on three copies: who notices processes and networks that go away, and when, beside what public rule sets notice',
    why: 'A rule that no real fault can fire is a decoration, and one that pages for nothing is switched off by the third night.',
    ...watchedMatrix(['processes'], 'replica-3'),
    expect: { verdict: 'holds', broken: [] },
  },
  MATRIX_LIMIT_MS,
);
