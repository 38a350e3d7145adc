/** What an operator does in a made-up night, with all that the lab would have seen of it. For tests only. */
import { NIGHT_BEGINS, nodeOfBrick } from '../../harness/index.ts';
import type { BrickId, GateDecision, Layout, NodeName, Phase, RouterName } from '../../harness/index.ts';
import type { Ref, Script } from './script.ts';
import { EPOCH_MS, NODES, siteOf } from './world.ts';

export function opening(script: Script, scenario: string, layout: Layout): void {
  script.at(0, {
    kind: 'run-began',
    run: 'r7k2',
    scenario,
    spec: siteOf(layout),
    epochMs: EPOCH_MS,
    nightBegins: NIGHT_BEGINS,
    versions: { glusterfs: '10.3', qemu: '7.2.22', healproof: '0.1.0' },
    modelled: ['People on their own clock', 'A node is a container: the kernel is shared and not replaced'],
  });
  for (const id of NODES) script.at(11, { kind: 'node', node: id, state: 'up', bootId: `${id}-1` });
}

export function phases(script: Script, at: Readonly<Partial<Record<Phase, number>>>): void {
  for (const [phase, t] of Object.entries(at)) script.at(t, { kind: 'phase', phase: phase as Phase });
}

export interface Done {
  readonly step: string;
  readonly node?: NodeName;
  readonly command: string;
  readonly from: number;
  readonly to: number;
}

export function step(script: Script, { step: name, node, command, from, to }: Done): Ref {
  const began = script.at(from, { kind: 'step-began', step: name, command, ...(node && { node }) });
  script.about(began, to, { kind: 'step-ended', outcome: { kind: 'done', output: '' } });
  return began;
}

export function cutOff(script: Script, done: Done, because: string): void {
  const { step: name, node, command, from, to } = done;
  const began = script.at(from, { kind: 'step-began', step: name, command, ...(node && { node }) });
  script.about(began, to, { kind: 'step-ended', outcome: { kind: 'cut-off', because } });
}

export function givenUp(script: Script, done: Done, because: string): void {
  const { step: name, node, command, from, to } = done;
  const began = script.at(from, { kind: 'step-began', step: name, command, ...(node && { node }) });
  script.about(began, to, { kind: 'step-ended', outcome: { kind: 'given-up', because } });
}

/** `qm migrate`; the VM runs on the other node when the step ends. */
export function move(script: Script, name: RouterName, from: NodeName, to: NodeName, t: number): number {
  const end = t + 2.4;
  step(script, {
    step: `move ${name} to ${to}`,
    node: from,
    command: `qm migrate 101 ${to} --online`,
    from: t,
    to: end,
  });
  script.at(t + 0.4, { kind: 'vm', router: name, node: to, state: 'migrating-in', detail: '' });
  script.at(end - 0.2, { kind: 'vm', router: name, node: to, state: 'running', detail: '' });
  return end + 0.1;
}

export function upgrade(script: Script, node: NodeName, t: number): number {
  step(script, { step: `upgrade ${node}`, node, command: 'apt-get -y dist-upgrade', from: t, to: t + 3.1 });
  return t + 3.2;
}

export interface Rebooted {
  /** The step is over, the operator goes on. */
  readonly next: number;
  /** When the brick was away. */
  readonly away: readonly [from: number, to: number];
}

export function reboot(
  script: Script,
  node: NodeName,
  bricks: readonly BrickId[],
  t: number,
  by: number,
): Rebooted {
  const began = step(script, { step: `reboot ${node}`, node, command: 'reboot', from: t, to: t + 14.9 });
  const away = [t + 0.7, t + 14] as const;
  script.at(t + 1, { kind: 'node', node, state: 'down' });
  script.about(began, t + 1.3, {
    kind: 'receipt',
    receipt: { what: `${node} answers no more`, seenBy: NODES.find((other) => other !== node) ?? 'pve9' },
  });
  script.at(t + 1.8, { kind: 'node', node, state: 'booting' });
  script.at(t + 11.8, { kind: 'node', node, state: 'up', bootId: `${node}-${by}` });
  script.about(began, t + 12.4, {
    kind: 'receipt',
    receipt: { what: 'boot id changed', seenBy: 'machine room' },
  });
  const own = bricks.find((id) => nodeOfBrick(id) === node);
  for (const seenBy of NODES) {
    if (own === undefined || seenBy === node) continue;
    script.at(away[0], { kind: 'brick', brick: own, seenBy, connected: false });
    script.at(away[1], { kind: 'brick', brick: own, seenBy, connected: true });
  }
  return { next: t + 15, away };
}

export function wait(script: Script, seconds: number, t: number): number {
  step(script, { step: `wait ${seconds} s`, command: `sleep ${seconds}`, from: t, to: t + seconds });
  return t + seconds + 0.1;
}

/** The gate is asked once a second and opens at `opens`. */
export function gate(
  script: Script,
  node: NodeName,
  t: number,
  opens: number,
  pending: (t: number) => number,
): number {
  const began = script.at(t, {
    kind: 'step-began',
    step: `gate for ${node}`,
    node,
    command: 'healproof gate',
  });
  for (let asked = t + 0.2; asked < opens; asked += 1) {
    const decision: GateDecision = {
      kind: 'held',
      waitingFor: [`${Math.max(1, Math.round(pending(asked)))} heals pending`],
    };
    script.at(asked, { kind: 'gate', gate: 'healed', node, decision });
  }
  script.at(opens, { kind: 'gate', gate: 'healed', node, decision: { kind: 'open' } });
  script.about(began, opens + 0.1, { kind: 'step-ended', outcome: { kind: 'done', output: 'open' } });
  return opens + 0.2;
}
