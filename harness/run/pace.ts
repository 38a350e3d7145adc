/** Pauses between questions: all in milliseconds, and counted from question to question. */

/** Time until the next question is due. */
export const nextAfter = (askedMs: number, nowMs: number, everyMs: number): number =>
  Math.max(0, askedMs + everyMs - nowMs);

/** Looks that lie too far apart prove nothing together. */
const MOST_REST_MS = 2000;

/** Never less than this part of what the answer took. */
const resting =
  (part: number) =>
  (askedMs: number, answeredMs: number, everyMs: number, mostMs = MOST_REST_MS): number =>
    Math.max(Math.min((answeredMs - askedMs) * part, mostMs), nextAfter(askedMs, answeredMs, everyMs));

/** The same for who waits: at least half of what the answer took, so that the machine is left to what is waited for. */
export const restAfter = resting(1 / 2);
/** The same for who watches for ever: what is watched is left alone for as long as the answer took. */
export const restAsLong = resting(1);
