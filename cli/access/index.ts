export { accessCommand } from './command.ts';
