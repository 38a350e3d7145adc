export { exitCodeOf, inspectCommand, printSnapshot, type InspectOptions, type Output } from './command.ts';
