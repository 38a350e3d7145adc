/** The rolling upgrade of the incident, and the same with a gate. */
import type { NodeName } from '../model/names.ts';
import type { Action, Procedure, Step } from './procedure.ts';

export interface UpgradePlan {
  readonly nodes: readonly NodeName[];
  /** How long the operator waits for a node to answer again after its reboot. */
  readonly patienceSeconds: number;
}

const ring = (nodes: readonly NodeName[], at: number): NodeName => {
  const next = nodes[(at + 1) % nodes.length];
  if (next === undefined) throw new Error('bug: an upgrade plan without nodes');
  return next;
};

const type = (on: NodeName, line: string, limitSeconds: number): Action => ({
  kind: 'type',
  on,
  line,
  limitSeconds,
});

/** Moves every running VM to `to`; fails when one can't be moved, so that no VM dies with its node. */
export const evacuate = (from: NodeName, to: NodeName): Step => ({
  name: `migrate VMs off ${from}`,
  does: type(
    from,
    `for id in $(qm list | awk '$3 == "running" {print $1}'); do qm migrate "$id" ${to} --online || exit 1; done`,
    60,
  ),
  why: 'a VM that stays on the node goes down with it',
});

export const upgradePackages = (on: NodeName): Step => ({
  name: `upgrade ${on}`,
  does: type(on, 'apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q -y dist-upgrade', 60),
  why: 'installs the new kernel; it runs only after a reboot',
});

const rebootNode = (node: NodeName, patienceSeconds: number): Step => ({
  name: `reboot ${node}`,
  does: { kind: 'reboot', node, limitSeconds: patienceSeconds },
  why: 'the new kernel runs only after a reboot',
});

export function rollingWith(
  plan: UpgradePlan,
  between: (node: NodeName, next: NodeName | undefined) => readonly Step[],
): Procedure['steps'] {
  const steps = plan.nodes.flatMap((node, at) => [
    evacuate(node, ring(plan.nodes, at)),
    upgradePackages(node),
    rebootNode(node, plan.patienceSeconds),
    ...between(node, plan.nodes[at + 1]),
  ]);
  const [first, ...rest] = steps;
  if (first === undefined) throw new Error('an upgrade needs at least one node');
  return [first, ...rest];
}

/** What the operator of the incident did: node after node with a fixed delay between them. */
export function fixedDelay(plan: UpgradePlan, delaySeconds: number): Procedure {
  return {
    name: 'fixed-delay',
    says: `reboots the nodes one after another, ${delaySeconds} s apart, without looking at the volume`,
    steps: rollingWith(plan, (node, next) =>
      next === undefined
        ? []
        : [
            {
              name: `wait ${delaySeconds} s`,
              does: { kind: 'wait', seconds: delaySeconds },
              why: `gives the volume time to heal after ${node}, as long as it takes or not`,
            },
          ],
    ),
  };
}

/** The same, but a node goes down only when the gate says that it may. */
export function healGated(plan: UpgradePlan, gate: string, budgetSeconds: number): Procedure {
  const ask = (node: NodeName): Step => ({
    name: `gate for ${node}`,
    does: { kind: 'await-gate', gate, node, budgetSeconds },
    why: 'no node may go down while another one still needs its data',
  });
  const [first] = plan.nodes;
  if (first === undefined) throw new Error('an upgrade needs at least one node');
  return {
    name: 'heal-gated',
    says: `reboots the nodes one after another, each only when gate "${gate}" opens within ${budgetSeconds} s`,
    steps: [ask(first), ...rollingWith(plan, (_node, next) => (next === undefined ? [] : [ask(next)]))],
  };
}

export interface RestorePlan {
  readonly on: NodeName;
  readonly routers: readonly { readonly vmid: number; readonly backup: string }[];
}

/** What the operator did at noon, on site: routers back from the backups taken before the night. */
export function restoreRouters({ on, routers }: RestorePlan): Procedure {
  const steps = routers.map(({ vmid, backup }): Step => ({
    name: `restore VM ${vmid}`,
    does: type(
      on,
      // The VM's configuration lies with the node it died on; the cluster's file system lets any node take it over.
      `conf=$(ls /etc/pve/nodes/*/qemu-server/${vmid}.conf) && ` +
        `{ [ "$conf" = /etc/pve/nodes/${on}/qemu-server/${vmid}.conf ] || mv "$conf" /etc/pve/nodes/${on}/qemu-server/; } && ` +
        `qm stop ${vmid}; qmrestore ${backup} ${vmid} --force && qm start ${vmid}`,
      90,
    ),
    why: 'the disk on the volume can not be opened; the backup can',
  }));
  const [first, ...rest] = steps;
  if (first === undefined) throw new Error('a restore needs at least one router');
  return {
    name: 'restore-routers',
    says: 'restores the routers from backup and starts them',
    steps: [first, ...rest],
  };
}
