import { matrixOn, MATRIX_LIMIT_MS } from './plan.ts';
import { scenario } from '../stage.ts';

scenario(
  {
    id: 'matrix-replica-3',
    title: 'condition × fault on three copies: each fault shuts what it must, and nothing else',
    why: 'A condition that no real fault can flip is a decoration, and one that flips for every fault says nothing.',
    ...matrixOn('replica-3'),
    expect: { verdict: 'holds', broken: [] },
  },
  MATRIX_LIMIT_MS,
);
