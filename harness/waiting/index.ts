/** Waiting for a gate: backlog, rate, forecast, stall. */
export { backlogOf, stalledFor, trendOf } from './backlog.ts';
export type { Backlog, Trend } from './backlog.ts';
export { waitForGate } from './wait.ts';
export type { Ended, Progress, Waiting } from './wait.ts';
