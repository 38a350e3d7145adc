/** Waiting for a gate: backlog, rate, forecast, stall. */
export type { Backlog, Trend } from '../gates/backlog.ts';
export { backlogOf, LOOK_AGAIN_MS, shutByIndex } from '../gates/backlog.ts';
export { waitForGate } from './wait.ts';
export type { Ended, Progress } from './wait.ts';
