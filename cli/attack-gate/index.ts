/** `healproof attack-gate`. */
export { attackGateCommand, processOut } from './command.ts';
