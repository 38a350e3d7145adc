import { matrixOn, MATRIX_LIMIT_MS } from './plan.ts';
import { scenario } from '../stage.ts';

scenario(
  {
    id: 'matrix-replica-2',
    title: 'condition × fault on two copies: the three kinds of split-brain',
    why: 'Split-brain needs a layout that allows it; what the gate says about it is shown on real ones.',
    ...matrixOn('replica-2'),
    expect: { verdict: 'holds', broken: [] },
  },
  MATRIX_LIMIT_MS,
);
