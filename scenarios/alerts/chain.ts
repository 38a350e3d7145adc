/** What the stories about a broken link between a rule and a person have in common. Shared by them; none itself. */
import { accessAsPredicted, faultsTookHold, personAcknowledged, USUAL_LIMITS } from '../../harness/index.ts';
import type { FaultName, Procedure, Scenario, Step } from '../../harness/index.ts';
import { CALLED, NODES, site } from '../sites.ts';

/** The node that the faults of nodes hit. */
export const HIT = NODES[1];

type Chain = Pick<Scenario, 'site' | 'procedure' | 'aftermath' | 'settleSeconds' | 'oracles'>;

/** The people are called, one after another, and would come: what is wrong lies between the rule and them. */
const played = (
  faults: readonly [FaultName, ...FaultName[]],
  writeEveryMs = 500,
): Omit<Chain, 'aftermath' | 'oracles'> => ({
  // Nothing here is about how long a heal takes: a quick link saves minutes.
  site: {
    ...site({ layout: 'replica-2', options: 'defaults', writeEveryMs, exporter: true }),
    storageMbit: 1000,
  },
  procedure: {
    name: faults.join(', '),
    says: `brings about, in this order: ${faults.join(', ')}`,
    steps: stepsOf(faults),
  },
  settleSeconds: 60,
});

function stepsOf([first, ...others]: readonly [FaultName, ...FaultName[]]): Procedure['steps'] {
  const step = (fault: FaultName): Step => ({
    name: `fault: ${fault}`,
    does: { kind: 'inject', fault, node: HIT },
    why: 'the story is about it',
  });
  return [step(first), ...others.map(step)];
}

/** Both routers go down while this link is broken. */
export const outageWith = (...broken: readonly FaultName[]): Chain => {
  const [first, ...others] = [...broken, 'both-routers-down' as const];
  return {
    ...played([first, ...others]),
    aftermath: CALLED,
    oracles: [personAcknowledged(USUAL_LIMITS.acknowledge), accessAsPredicted(), faultsTookHold()],
  };
};

/**
 * Customers are served, and somebody must come all the same: because of the last of these faults. `writeEveryMs` 0: routers that write
 * nothing, for faults that take away one brick after the other, which would split the routers' own disks.
 */
export const troubleWith = (
  faults: readonly [FaultName, ...FaultName[]],
  mend: Step,
  pageWithinSeconds: number,
  writeEveryMs?: number,
): Chain => ({
  ...played(faults, writeEveryMs),
  aftermath: {
    escalation: CALLED.escalation,
    procedure: { name: 'mend', says: mend.name, steps: [mend] },
    evenIfServed: { pageWithinSeconds },
  },
  // Nobody loses a way in here: that is not asked.
  oracles: [personAcknowledged({ ...USUAL_LIMITS.acknowledge, faults: faults.slice(-1) }), faultsTookHold()],
});
