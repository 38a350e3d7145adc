/** Pauses between questions: all in milliseconds, and counted from question to question. */

/** Time until the next question is due. */
export const nextAfter = (askedMs: number, nowMs: number, everyMs: number): number =>
  Math.max(0, askedMs + everyMs - nowMs);

/** Looks that lie too far apart prove nothing together. */
const MOST_REST_MS = 2000;

/** The same for who waits: at least half of what the answer took, so that the machine is left to what is waited for. */
export const restAfter = (askedMs: number, answeredMs: number, everyMs: number): number =>
  Math.max(Math.min((answeredMs - askedMs) / 2, MOST_REST_MS), nextAfter(askedMs, answeredMs, everyMs));
