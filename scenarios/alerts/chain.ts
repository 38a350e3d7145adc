/** What the stories about a broken link between a rule and a person have in common. Shared by them; none itself. */
import { accessAsPredicted, faultsTookHold, personAcknowledged, USUAL_LIMITS } from '../../harness/index.ts';
import type { FaultName, Procedure, Scenario, Step } from '../../harness/index.ts';
import { CALLED, NODES, site } from '../sites.ts';

/** The node that the faults of nodes hit. */
export const HIT = NODES[1];

type Chain = Pick<Scenario, 'site' | 'procedure' | 'aftermath' | 'settleSeconds' | 'oracles'>;

export interface Trouble {
  /** Default: writers that can be seen. 0: routers that write nothing, where one brick after the other goes, which would split their own disks. */
  readonly writeEveryMs?: number;
  /** Default: the site has one. */
  readonly exporter?: boolean;
  /** From one fault to the next; default: none. */
  readonly apartSeconds?: number;
}

/** The people are called, one after another, and would come: what is wrong lies between the rule and them. */
const played = (
  faults: readonly [FaultName, ...FaultName[]],
  { writeEveryMs = 500, exporter = true, apartSeconds = 0 }: Trouble = {},
): Omit<Chain, 'aftermath' | 'oracles'> => ({
  // Nothing here is about how long a heal takes: a quick link saves minutes.
  site: {
    ...site({ layout: 'replica-2', options: 'defaults', writeEveryMs, exporter }),
    storageMbit: 1000,
  },
  procedure: {
    name: faults.join(', '),
    says: `brings about, in this order: ${faults.join(', ')}`,
    steps: stepsOf(faults, apartSeconds),
  },
  settleSeconds: 60,
});

function stepsOf(
  [first, ...others]: readonly [FaultName, ...FaultName[]],
  apartSeconds: number,
): Procedure['steps'] {
  const step = (fault: FaultName): Step => ({
    name: `fault: ${fault}`,
    does: { kind: 'inject', fault, node: HIT },
    why: 'the story is about it',
  });
  const apart: readonly Step[] =
    apartSeconds === 0
      ? []
      : [
          {
            name: `${apartSeconds} s later`,
            does: { kind: 'wait', seconds: apartSeconds },
            why: 'rules look back over a time of their own',
          },
        ];
  return [step(first), ...others.flatMap((fault) => [...apart, step(fault)])];
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

/** Customers are served, and somebody must come all the same: because of the last of these faults. */
export const troubleWith = (
  faults: readonly [FaultName, ...FaultName[]],
  mend: Step,
  pageWithinSeconds: number,
  trouble: Trouble = {},
): Chain => ({
  ...played(faults, trouble),
  aftermath: {
    escalation: CALLED.escalation,
    procedure: { name: 'mend', says: mend.name, steps: [mend] },
    evenIfServed: { pageWithinSeconds },
  },
  // Nobody loses a way in here: that is not asked.
  oracles: [personAcknowledged({ ...USUAL_LIMITS.acknowledge, faults: faults.slice(-1) }), faultsTookHold()],
});
