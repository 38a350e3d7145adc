/** What the runs of the matrix have in common. Shared by its stories; none itself. */
import {
  conditionsFlip,
  customerFilesIntact,
  detectionProcedure,
  faultNamed,
  faultsNoticed,
  faultsOf,
  faultsTookHold,
  HEALED,
  matrixProcedure,
  MATRIX_GATE,
  MATRIX_GATE_DEEP,
  replicasAgree,
} from '../../harness/index.ts';
import type { Family, Fault, FaultName, Layout, Scenario } from '../../harness/index.ts';
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

/** Those that somebody who watches should notice while they last, in an order in which none hides the next. */
const WATCHED: readonly FaultName[] = [
  'self-heal-killed',
  'client-cut-off',
  'brick-killed',
  'node-rebooting',
  'exporter-gone',
  'site-exporter-stuck',
  'cyclic-blame',
  'inside-monitoring-dead',
  'silence-left-on',
  'alertmanager-down',
  'router-down',
  'both-routers-down',
];

/** What a rule takes before it fires, in a lab, and a little more. What is not here takes a few seconds. */
const TAKES: Readonly<Record<string, number>> = {
  BrickDown: 37,
  SelfHealDaemonDown: 27,
  ExporterGone: 27,
  MetricAbsent: 27,
  ExporterSilent: 27,
  // The exporter looks every 5 s.
  CyclicBlame: 12,
  HeartbeatMissing: 20,
  ClientWithoutBrick: 17,
};

const lasts = ({ noticedBy }: Fault): number => Math.max(...noticedBy.map((alert) => TAKES[alert] ?? 10), 10);

/** Each fault is left alone for as long as its alerts take. What public rule sets have is measured beside ours. */
export function watchedMatrix(): Pick<
  Scenario,
  'site' | 'procedure' | 'alerting' | 'oracles' | 'settleSeconds'
> {
  const faults = WATCHED.map(faultNamed);
  return {
    site: {
      ...site({ layout: 'replica-3', options: 'virt', writeEveryMs: 500, exporter: true }),
      storageMbit: 1000,
    },
    procedure: detectionProcedure(faults, {
      nodes: NODES,
      quickGate: HEALED.name,
      cleanSeconds: 75,
      lasts,
    }),
    alerting: { naive: true },
    settleSeconds: 60,
    oracles: [faultsNoticed(faults), faultsTookHold(), replicasAgree(), customerFilesIntact()],
  };
}
