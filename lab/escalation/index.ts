export { readEscalation } from './read.ts';
