export { lines, lookAtAll, trackRecordCommand } from './command.ts';
export type { Sight } from './look.ts';
