/** `healproof attack-gate`. */
export { attackGateCommand, processOut } from './command.ts';
export type { Out } from './command.ts';
