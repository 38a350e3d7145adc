/** The rolling upgrade with a gate that the operator brings along: a rehearsal of their own procedure. */
import type { NodeName } from '../model/names.ts';
import type { Procedure, Step } from './procedure.ts';
import { rollingWith } from './upgrade.ts';
import type { UpgradePlan } from './upgrade.ts';

export interface OwnGate {
  readonly name: string;
  /** Shell script; see `await-command`. */
  readonly script: string;
  readonly volume: string;
  readonly speed: number;
  readonly budgetSeconds: number;
}

/** Each node goes down when the script says go, run on that node. */
export function commandGated(plan: UpgradePlan, own: OwnGate): Procedure {
  const ask = (node: NodeName): Step => ({
    name: `${own.name} for ${node}`,
    does: {
      kind: 'await-command',
      gate: own.name,
      on: node,
      node,
      script: own.script,
      environment: {
        HEALPROOF_NODE: node,
        HEALPROOF_VOLUME: own.volume,
        HEALPROOF_NODES: plan.nodes.join(' '),
      },
      speed: own.speed,
      budgetSeconds: own.budgetSeconds,
    },
    why: 'no node may go down while another one still needs its data, as far as this gate can tell',
  });
  const [first] = plan.nodes;
  if (first === undefined) throw new Error('an upgrade needs at least one node');
  return {
    name: 'command-gated',
    says: `reboots the nodes one after another, each when "${own.name}" says go within ${own.budgetSeconds} s`,
    steps: [ask(first), ...rollingWith(plan, (_node, next) => (next === undefined ? [] : [ask(next)]))],
  };
}
