/** Waiting for a gate: backlog, rate, forecast, stall. */
export type { Backlog, Trend } from '../gates/backlog.ts';
export { backlogOf, glanceSuffices, LOOK_AGAIN_MS, mostOf, shutByIndex } from '../gates/backlog.ts';
export { waitForGate } from './wait.ts';
export type { Ended, Progress } from './wait.ts';
