/** The gates that can be asked by name, and every condition there is. */
import type { Condition } from './condition.ts';
import { sameVolumeEverywhere } from './conditions/a1-same-volume-everywhere.ts';
import { peersSymmetric } from './conditions/a2-peers-symmetric.ts';
import { quorumByLayout } from './conditions/a3a-quorum-by-layout.ts';
import { healConfigured } from './conditions/a3b-heal-configured.ts';
import { noSilentChoice } from './conditions/a3c-no-silent-choice.ts';
import { versionsFit } from './conditions/a4-versions-fit.ts';
import { noRunningTask } from './conditions/a5-no-running-task.ts';
import { noOtherVolume } from './conditions/a6-no-other-volume.ts';
import { noReboot } from './conditions/b0-no-reboot.ts';
import { processesOnline } from './conditions/b1-processes-online.ts';
import { tablesMatchProcesses } from './conditions/b2-tables-match-processes.ts';
import { storageSound } from './conditions/b3a-storage-sound.ts';
import { oneProcessPerBrick } from './conditions/b3b-one-process-per-brick.ts';
import { clocksAgree } from './conditions/b3c-clocks-agree.ts';
import { soaked } from './conditions/b3d-soaked.ts';
import { kernelQuiet } from './conditions/b3e-kernel-quiet.ts';
import { runsWhatIsInstalled } from './conditions/b3f-runs-what-is-installed.ts';
import { healersConnected } from './conditions/c1-healers-connected.ts';
import { mountsConnected } from './conditions/c2-mounts-connected.ts';
import { clientsOnEveryBrick } from './conditions/c3-clients-on-every-brick.ts';
import { canary } from './conditions/c4-canary.ts';
import { bricksReachable } from './conditions/c5-bricks-reachable.ts';
import { indexEmpty } from './conditions/d1-index-empty.ts';
import { healInfoZero } from './conditions/d2-heal-info-zero.ts';
import { noSplitBrain } from './conditions/d3-no-split-brain.ts';
import { noAccusation } from './conditions/d4-no-accusation.ts';
import { sameBytes } from './conditions/d5-same-bytes.ts';
import { otherGoodCopies } from './conditions/d6-other-good-copies.ts';
import { logsQuiet } from './conditions/d7-logs-quiet.ts';
import { backlogGone } from './conditions/d8-backlog-gone.ts';
import { clientQuorumMargin } from './conditions/e1-client-quorum-margin.ts';
import { serverQuorumMargin } from './conditions/e2-server-quorum-margin.ts';
import { clusterQuorumMargin } from './conditions/e3-cluster-quorum-margin.ts';
import { leaseFree } from './conditions/e4a-lease.ts';
import { nobodyElseGoesDown } from './conditions/e4b-nobody-else-goes-down.ts';
import { noUnattendedUpgrade } from './conditions/e4c-no-unattended-upgrade.ts';
import { guestsMoved } from './conditions/f1-guests-moved.ts';
import { routerPair } from './conditions/f2-router-pair.ts';
import { backupsFresh } from './conditions/f3-backups-fresh.ts';
import { outOfBand } from './conditions/f4-out-of-band.ts';
import { alertingAlive } from './conditions/f5-alerting-alive.ts';
import type { Gate } from './gate.ts';

/** In the order of the sections. */
export const CONDITIONS: readonly [Condition, ...Condition[]] = [
  sameVolumeEverywhere,
  peersSymmetric,
  quorumByLayout,
  healConfigured,
  noSilentChoice,
  versionsFit,
  noRunningTask,
  noOtherVolume,
  noReboot,
  processesOnline,
  tablesMatchProcesses,
  storageSound,
  oneProcessPerBrick,
  clocksAgree,
  soaked,
  kernelQuiet,
  runsWhatIsInstalled,
  healersConnected,
  mountsConnected,
  clientsOnEveryBrick,
  canary,
  bricksReachable,
  indexEmpty,
  healInfoZero,
  noSplitBrain,
  noAccusation,
  sameBytes,
  otherGoodCopies,
  logsQuiet,
  backlogGone,
  clientQuorumMargin,
  serverQuorumMargin,
  clusterQuorumMargin,
  leaseFree,
  nobodyElseGoesDown,
  noUnattendedUpgrade,
  guestsMoved,
  routerPair,
  backupsFresh,
  outOfBand,
  alertingAlive,
];

/**
 * What the nights of the lab wait for: nothing to heal anywhere, and enough left without the node. Its looks must not cost the lab
 * more than a second, so it asks nothing of a node beyond what every look holds.
 */
const OF_HEALED: readonly [Condition, ...Condition[]] = [
  peersSymmetric,
  quorumByLayout,
  healConfigured,
  noSilentChoice,
  noReboot,
  processesOnline,
  mountsConnected,
  indexEmpty,
  healInfoZero,
  noSplitBrain,
  noAccusation,
  otherGoodCopies,
  clientQuorumMargin,
  serverQuorumMargin,
];

/** May the next node go down? Three looks over two seconds. */
export const HEALED: Gate = {
  name: 'healed',
  says: 'the volume is whole: nothing to heal anywhere, and it stays readable and writable without this node',
  profile: 'full',
  stability: { looks: 3, spanMs: 2000, gapMs: 60_000, soakMs: 0 },
  conditions: OF_HEALED,
};

const without = (codes: readonly string[]): readonly [Condition, ...Condition[]] =>
  CONDITIONS.filter((one) => !codes.includes(one.code)) as [Condition, ...Condition[]];

/** They read logs or wait for a boot to settle: not what an answer within two seconds is for. */
export const SLOW: readonly string[] = ['B3d', 'B3e', 'D7'];

/** For a loop or an alert rule: raw files, processes and sockets. No glusterd is asked, no lock is taken, nothing is said about guests. */
export const FAST: Gate = {
  name: 'fast',
  says: 'by raw files and connections alone, nothing speaks against taking this node down',
  profile: 'fast',
  stability: { looks: 3, spanMs: 1000, gapMs: 15_000, soakMs: 0 },
  conditions: CONDITIONS.filter((one) => one.needs === 'fast' && !SLOW.includes(one.code)) as [
    Condition,
    ...Condition[],
  ],
};

/** Before each reboot of a real cluster: everything but what writes and what reads all bytes. */
export const FULL: Gate = {
  name: 'full',
  says: 'everything that can be known without writing or reading whole disks says that this node may go down',
  profile: 'full',
  stability: { looks: 5, spanMs: 120_000, gapMs: 60_000, soakMs: 600_000 },
  conditions: without(['C4', 'D5']),
};

/** Before the first node of a maintenance: the same, and the bytes of every disk that nobody writes to. */
export const DEEP: Gate = {
  ...FULL,
  name: 'deep',
  says: `${FULL.says}, and the bricks hold the same bytes`,
  profile: 'deep',
  stability: { ...FULL.stability, gapMs: 3_600_000 },
  conditions: without(['C4']),
};

/** The same gate with a canary file written through the mounts: the one thing that is not read-only. */
export const withCanary = (gate: Gate): Gate => ({ ...gate, conditions: [...gate.conditions, canary] });

const GATES: Readonly<Record<string, Gate>> = Object.fromEntries(
  [HEALED, FAST, FULL, DEEP].map((gate) => [gate.name, gate]),
);

/** Throws for a name that no gate has: a procedure that asks for one is wrong from the start. */
export function gateNamed(name: string): Gate {
  const found = GATES[name];
  if (found === undefined)
    throw new Error(`there is no gate "${name}"; gates are: ${Object.keys(GATES).join(', ')}`);
  return found;
}
