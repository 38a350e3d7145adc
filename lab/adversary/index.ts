/** Gates under attack: a stand-in `gluster` and `ssh`, and the command that meets them. */
export { attack, attackCommand } from './attack.ts';
export { ownGate } from './own-gate.ts';
export { CannotAttack } from './resolve.ts';
