import { scenario } from '../stage.ts';
import { MATRIX_LIMIT_MS, matrixOf } from './plan.ts';

scenario(
  {
    id: 'ports-replica-3',
    title: 'condition × fault on three copies: a brick that runs and that its glusterd has forgotten',
    why: 'After a reboot everything looks well on the node: its brick runs. Only who asks from elsewhere sees that nobody finds it.',
    ...matrixOf('ports', 'replica-3'),
    expect: { verdict: 'holds', broken: [] },
  },
  MATRIX_LIMIT_MS,
);
