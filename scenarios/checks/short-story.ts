/** The shortest story that has every phase: one node without a brick is rebooted. For tests of the bracket and the lab. */
import type { Procedure, Scenario } from '../../harness/index.ts';
import { NODES, ORACLES, site } from '../sites.ts';

/** pve3 holds no brick of a volume with two copies: its reboot leaves nothing to heal. */
const REBOOTED = NODES[2];

const reboot = (patienceSeconds: number): Procedure => ({
  name: 'one-reboot',
  says: 'reboots the node without a brick',
  steps: [
    {
      name: `reboot ${REBOOTED}`,
      does: { kind: 'reboot', node: REBOOTED, limitSeconds: patienceSeconds },
      why: 'one fault is enough to have every phase',
    },
  ],
});

export const shortStory = (id: string, patienceSeconds = 40): Scenario => ({
  id,
  title: 'one node is rebooted',
  why: 'Tests of the bracket need a story, not a long one.',
  site: { ...site({ layout: 'replica-2', options: 'defaults' }), bootSeconds: 3 },
  procedure: reboot(patienceSeconds),
  settleSeconds: 30,
  oracles: ORACLES,
  expect: { verdict: 'holds', broken: [] },
});
