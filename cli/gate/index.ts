/** `healproof gate`. */
export { gateCommand } from './command.ts';
