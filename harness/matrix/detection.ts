/** The matrix fault × alert as a procedure: each fault once and for as long as its alerts take, and nobody asked about it but those who watch. */
import type { NodeName } from '../model/names.ts';
import type { Procedure, Step } from '../procedures/procedure.ts';
import type { Fault } from '../faults/fault.ts';
import { at, clean } from './procedure.ts';

export interface DetectionPlan {
  readonly nodes: readonly NodeName[];
  /** Waited for between two faults. */
  readonly quickGate: string;
  /** For the site to become well again. */
  readonly cleanSeconds: number;
  /** What its alerts take, so that a fault stays on for at least that long. */
  readonly lasts: (fault: Fault) => number;
  /** How much longer it stays on while one of them is missing: whoever looks at the site may look slowly. */
  readonly patienceSeconds: number;
}

export function detectionProcedure(faults: readonly Fault[], plan: DetectionPlan): Procedure {
  return {
    name: 'fault-detection',
    says: `brings about ${faults.length} faults, one after another, and leaves each to those who watch`,
    steps: [
      clean(plan, plan.quickGate, 1, 'before anything is wrong'),
      ...faults.flatMap((fault) => stepsOf(fault, plan)),
    ],
  };
}

function stepsOf(fault: Fault, plan: DetectionPlan): readonly Step[] {
  const on = at(plan.nodes, fault.hits);
  return [
    {
      name: `fault: ${fault.name} on ${on}`,
      does: { kind: 'inject', fault: fault.name, node: on },
      why: fault.says,
    },
    {
      name: `${fault.name} is left to those who watch`,
      does: {
        kind: 'await-alerts',
        fault: fault.name,
        alerts: fault.noticedBy,
        atLeastSeconds: plan.lasts(fault),
        atMostSeconds: plan.lasts(fault) + plan.patienceSeconds,
      },
      why: 'rules have a time of their own before they fire',
    },
    { name: `end of ${fault.name}`, does: { kind: 'end-fault', fault: fault.name }, why: fault.ends },
    clean(plan, plan.quickGate, fault.asked, `after ${fault.name}`),
  ];
}
