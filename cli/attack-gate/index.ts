/** `healproof attack-gate`. */
export { attackGate, attackGateCommand, processOut } from './command.ts';
export type { Options as AttackGateOptions, Out as AttackGateOut } from './command.ts';
