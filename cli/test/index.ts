export { testCommand } from './command.ts';
