import { scenario } from '../stage.ts';
import { MATRIX_LIMIT_MS, matrixOf } from './plan.ts';

scenario(
  {
    id: 'processes-replica-3',
    title: 'condition × fault on three copies: processes and networks that go away',
    why: 'A condition that no real fault can flip is a decoration, and one that flips for every fault says nothing.',
    ...matrixOf('processes', 'replica-3'),
    expect: { verdict: 'holds', broken: [] },
  },
  MATRIX_LIMIT_MS,
);
