export { doctor, engine } from './command.ts';
