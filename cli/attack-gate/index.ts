/** `healproof attack-gate`. */
export { attackGateCommand } from './command.ts';
