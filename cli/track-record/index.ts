export { lines, lookAtAll, trackRecordCommand } from './command.ts';
