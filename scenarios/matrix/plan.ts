/** What the runs of the matrix have in common. Shared by its stories; none itself. */
import {
  conditionsFlip,
  customerFilesIntact,
  faultsOf,
  faultsTookHold,
  HEALED,
  matrixProcedure,
  MATRIX_GATE,
  MATRIX_GATE_DEEP,
  replicasAgree,
} from '../../harness/index.ts';
import type { Family, Layout, Scenario } from '../../harness/index.ts';
import { NODES, site } from '../sites.ts';

/** All faults of a layout take about this long on two cores, and half of it again. */
export const MATRIX_LIMIT_MS = 14 * 60_000;

export function matrixOf(
  family: Family,
  layout: Layout,
): Pick<Scenario, 'site' | 'procedure' | 'oracles' | 'settleSeconds'> {
  const faults = faultsOf(family, layout);
  const options = layout === 'replica-2' ? 'defaults' : 'virt';
  return {
    // Nothing here is about how long a heal takes: a quick link saves minutes. Routers write just enough to be seen as writers.
    site: {
      ...site({ layout, options, writeEveryMs: layout === 'replica-2' ? 0 : 500 }),
      storageMbit: 1000,
      // What it mends is a fault there.
      brickGuard: family !== 'ports',
    },
    procedure: matrixProcedure(faults, {
      nodes: NODES,
      gate: MATRIX_GATE.name,
      quickGate: HEALED.name,
      deepGate: MATRIX_GATE_DEEP.name,
      shutSeconds: 70,
      cleanSeconds: 75,
      atLeastSeconds: 8,
    }),
    settleSeconds: 60,
    oracles: [conditionsFlip(faults), faultsTookHold(), replicasAgree(), customerFilesIntact()],
  };
}
