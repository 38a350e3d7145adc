/** Gates under attack: a stand-in `gluster` and `ssh`, and the command that meets them. */
export { attack, attackCommand, withoutNetwork } from './attack.ts';
export type { Attacked, AttackOptions } from './attack.ts';
export { ownGate, stageShell } from './own-gate.ts';
export { CannotAttack } from './resolve.ts';
