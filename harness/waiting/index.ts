/** Waiting for a gate: backlog, rate, forecast, stall. */
export { backlogOf, stalledFor, trendOf } from '../gates/backlog.ts';
export type { Backlog, Trend } from '../gates/backlog.ts';
export { waitForGate } from './wait.ts';
export type { Ended, Progress, Waiting } from './wait.ts';
