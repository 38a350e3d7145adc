import { scenario } from '../stage.ts';
import { MATRIX_LIMIT_MS, matrixOf } from './plan.ts';

scenario(
  {
    id: 'data-replica-2',
    title: 'condition × fault on two copies: the three kinds of split-brain',
    why: 'Split-brain needs a layout that allows it; what the gate says about it is shown on real ones.',
    ...matrixOf('data', 'replica-2'),
    expect: { verdict: 'holds', broken: [] },
  },
  MATRIX_LIMIT_MS,
);
