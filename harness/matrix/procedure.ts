/** The matrix condition × fault as a procedure: each fault once, the whole gate asked while it is on, and again until all is well. */
import type { NodeName } from '../model/names.ts';
import type { Procedure, Step } from '../procedures/procedure.ts';
import type { Fault } from '../faults/fault.ts';

export interface MatrixPlan {
  readonly nodes: readonly NodeName[];
  readonly gate: string;
  /** Asked between two faults, since it answers soon; before the first and after the last one everything is asked. */
  readonly quickGate: string;
  /** The one that compares bytes. */
  readonly deepGate: string;
  /** For the answer to become what it must be while a fault is on. */
  readonly shutSeconds: number;
  /** For the site to become well again. */
  readonly cleanSeconds: number;
  /** Each fault stays on for that long at least, so that alerts have their time. */
  readonly atLeastSeconds: number;
}

export function matrixProcedure(faults: readonly Fault[], plan: MatrixPlan): Procedure {
  return {
    name: 'fault-matrix',
    says: `brings about ${faults.length} faults, one after another, and asks every condition of gate "${plan.gate}" about each`,
    steps: [
      clean(plan, plan.gate, 1, 'before anything is wrong'),
      ...faults.flatMap((fault) => stepsOf(fault, plan)),
      clean(plan, plan.gate, 1, 'after everything'),
    ],
  };
}

function stepsOf(fault: Fault, plan: MatrixPlan): readonly Step[] {
  const on = at(plan.nodes, fault.hits);
  const node = at(plan.nodes, fault.asked);
  return [
    {
      name: `fault: ${fault.name} on ${on}`,
      does: { kind: 'inject', fault: fault.name, node: on },
      why: fault.says,
    },
    {
      name: `every condition about ${node} with ${fault.name}`,
      does: {
        kind: 'rule',
        gate: fault.deep === true ? plan.deepGate : plan.gate,
        node,
        fault: fault.name,
        budgetSeconds: plan.shutSeconds,
        atLeastSeconds: plan.atLeastSeconds,
      },
      why: 'each condition is flipped by its own faults and by no others',
    },
    {
      name: `end of ${fault.name}`,
      does: { kind: 'end-fault', fault: fault.name },
      why: fault.ends,
    },
    clean(plan, plan.quickGate, fault.asked, `after ${fault.name}`),
  ];
}

export const clean = (
  { nodes, cleanSeconds }: Pick<MatrixPlan, 'nodes' | 'cleanSeconds'>,
  gate: string,
  asked: number,
  when: string,
): Step => ({
  name: `all well ${when}`,
  does: { kind: 'rule', gate, node: at(nodes, asked), budgetSeconds: cleanSeconds },
  why: 'what one fault left behind must not count against the next',
});

export function at(nodes: readonly NodeName[], position: number): NodeName {
  const found = nodes[position];
  if (found === undefined) throw new Error(`bug: the site has no node number ${position}`);
  return found;
}
