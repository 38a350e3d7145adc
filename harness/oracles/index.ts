/** The oracles, and all of them at once. */
import type { Oracle } from './oracle.ts';
import { accessAsPredicted } from './access-as-predicted.ts';
import { customerFilesIntact } from './customer-files-intact.ts';
import { faultsTookHold } from './faults-took-hold.ts';
import type { TookHold } from './faults-took-hold.ts';
import { gateHonest } from './gate-honest.ts';
import type { GateLimits } from './gate-honest.ts';
import { gatewayAvailable } from './gateway-available.ts';
import type { GatewayLimits } from './gateway-available.ts';
import { healConverges } from './heal-converges.ts';
import type { HealLimits } from './heal-converges.ts';
import { noLostWrite } from './no-lost-write.ts';
import { noSplitBrain } from './no-split-brain.ts';
import { operatorReach } from './operator-reach.ts';
import type { ReachLimits } from './operator-reach.ts';
import { personAcknowledged } from './person-acknowledged.ts';
import type { AcknowledgeLimits } from './person-acknowledged.ts';
import { quorumKept } from './quorum-kept.ts';
import type { QuorumLimits } from './quorum-kept.ts';
import { replicasAgree } from './replicas-agree.ts';
import { routerDiskReadable } from './router-disk-readable.ts';
import type { DiskLimits } from './router-disk-readable.ts';
import { witnessesAgree } from './witnesses-agree.ts';

export * from './access-as-predicted.ts';
export * from './broken-things.ts';
export * from './conditions-flip.ts';
export * from './customer-files-intact.ts';
export { faultsNoticed } from './faults-noticed.ts';
export * from './faults-took-hold.ts';
export * from './gate-honest.ts';
export * from './gateway-available.ts';
export * from './heal-converges.ts';
export * from './no-lost-write.ts';
export * from './no-return.ts';
export * from './no-split-brain.ts';
export * from './operator-reach.ts';
export * from './person-acknowledged.ts';
export * from './quorum-kept.ts';
export * from './replicas-agree.ts';
export * from './router-disk-readable.ts';
export * from './witnesses-agree.ts';
export type { PreciseFinding } from './conclude.ts';
export { splitBrainFilesIn } from './splits.ts';
export { withOracleTable } from './table.ts';

export interface Limits {
  readonly gateway: GatewayLimits;
  readonly operator: ReachLimits;
  readonly disks: DiskLimits;
  readonly acknowledge: AcknowledgeLimits;
  readonly heal?: HealLimits;
  readonly quorum?: QuorumLimits;
  readonly gate?: GateLimits;
  readonly tookHold?: TookHold;
}

/** A CARP failover takes 3 to 5 s on these routers; a stalled write on a busy machine one. */
export const USUAL_LIMITS: Limits = {
  gateway: { longestSeconds: 8 },
  operator: { longestSeconds: 10 },
  disks: { longestSeconds: 5 },
  // Two rounds of an escalation in five-minute steps.
  acknowledge: { withinMinutes: 15, outageSeconds: 8 },
};

/** Every oracle there is, in the order of reports: what was lost, who was cut off, what was done wrong, can it be believed. */
export function everyOracle(limits: Limits = USUAL_LIMITS): readonly [Oracle, ...Oracle[]] {
  return [
    noLostWrite(),
    noSplitBrain(),
    replicasAgree(),
    healConverges(limits.heal),
    customerFilesIntact(),
    gatewayAvailable(limits.gateway),
    routerDiskReadable(limits.disks),
    operatorReach(limits.operator),
    personAcknowledged(limits.acknowledge),
    quorumKept(limits.quorum),
    gateHonest(limits.gate),
    faultsTookHold(limits.tookHold),
    witnessesAgree(),
    accessAsPredicted(),
  ];
}
