export { exitCodeOf, inspectCommand, type InspectOptions, type Output } from './command.ts';
