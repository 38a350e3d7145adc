/** What the runs of the matrix have in common. Shared by its stories; none itself. */
import {
  conditionsFlip,
  customerFilesIntact,
  detectionProcedure,
  faultsNoticed,
  faultsOf,
  faultsTookHold,
  HEALED,
  matrixProcedure,
  MATRIX_GATE,
  MATRIX_GATE_DEEP,
  replicasAgree,
} from '../../harness/index.ts';
import type { Family, Fault, Layout, Scenario, SiteSpec } from '../../harness/index.ts';
import { NODES, site } from '../sites.ts';

/** The slowest family took fifteen minutes on two cores that are slow at starting processes; and a third of it again. */
export const MATRIX_LIMIT_MS = 20 * 60_000;

/** Three whole looks in a row, each of which takes ten seconds where the exporter looks at the same time on a slow machine. */
const CLEAN_SECONDS = 120;

/** All looks that an answer takes begin while the node is away: two of them took 26 s on a machine that was busy otherwise. */
const BOOT_SECONDS = 40;

function siteOf(family: Family, layout: Layout): SiteSpec {
  const options = layout === 'replica-2' ? 'defaults' : 'virt';
  return {
    // Nothing here is about how long a heal takes: a quick link saves minutes. Routers write just enough to be seen as writers.
    ...site({ layout, options, writeEveryMs: layout === 'replica-2' ? 0 : 500 }),
    storageMbit: 1000,
    // What it mends is a fault there.
    brickGuard: family !== 'ports',
  };
}

export function matrixOf(
  family: Family,
  layout: Layout,
): Pick<Scenario, 'site' | 'procedure' | 'oracles' | 'settleSeconds'> {
  const faults = faultsOf(family, layout);
  return {
    site: { ...siteOf(family, layout), bootSeconds: BOOT_SECONDS },
    procedure: matrixProcedure(faults, {
      nodes: NODES,
      gate: MATRIX_GATE.name,
      quickGate: HEALED.name,
      deepGate: MATRIX_GATE_DEEP.name,
      shutSeconds: 70,
      cleanSeconds: CLEAN_SECONDS,
      atLeastSeconds: 8,
    }),
    settleSeconds: 60,
    oracles: [conditionsFlip(faults), faultsTookHold(), replicasAgree(), customerFilesIntact()],
  };
}

/** What a rule takes before it fires, in a lab, by its durations alone. What is not here takes a few seconds. */
const TAKES: Readonly<Record<string, number>> = {
  HealBacklogNotDraining: 42,
  DirtyPersistent: 32,
  BrickDown: 32,
  QuorumMarginGone: 32,
  PeerDisconnected: 32,
  SelfHealDaemonDown: 22,
  HealStateUnknown: 22,
  UnsafeConfiguration: 22,
  MountGone: 22,
  FilesNotJudged: 22,
  ExporterGone: 22,
  MetricsStale: 42,
  RouterProbeAbsent: 22,
  ExporterSilent: 22,
  PeerRejected: 12,
  ClientWithoutBrick: 12,
};

const lasts = ({ noticedBy }: Fault): number => Math.max(...noticedBy.map((alert) => TAKES[alert] ?? 10), 10);

/**
 * Each fault that somebody can notice is left alone for as long as its alerts take. What public rule sets have is measured beside ours.
 * The operator has declared maintenance, since some alerts are for then only.
 */
export function watchedMatrix(
  families: readonly [Family, ...Family[]],
  layout: Layout,
): Pick<Scenario, 'site' | 'procedure' | 'alerting' | 'oracles' | 'settleSeconds'> {
  const faults = families
    .flatMap((family) => faultsOf(family, layout))
    .filter(({ noticedBy }) => noticedBy.length > 0);
  const { steps, ...procedure } = detectionProcedure(faults, {
    nodes: NODES,
    quickGate: HEALED.name,
    cleanSeconds: CLEAN_SECONDS,
    lasts,
    patienceSeconds: 60,
  });
  return {
    site: {
      ...siteOf(families[0], layout),
      exporter: true,
      // A router that panics is told by others; one that goes on without its disk only by its own alert.
      diskErrorPolicy: 'report',
    },
    procedure: {
      ...procedure,
      steps: [
        {
          name: 'declare maintenance',
          does: {
            kind: 'type',
            on: NODES[0],
            line: `echo 'healproof_maintenance 1' >/run/healproof/textfile/maintenance.prom`,
            limitSeconds: 10,
          },
          why: 'some alerts are for a maintenance only',
        },
        ...steps,
      ],
    },
    alerting: { naive: true },
    settleSeconds: 60,
    oracles: [faultsNoticed(faults), faultsTookHold(), replicasAgree(), customerFilesIntact()],
  };
}
