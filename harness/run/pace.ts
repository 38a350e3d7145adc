const MOST_REST_MS = 2000;

/**
 * Time until the next question, milliseconds: `everyMs` from question to question, but at least half of what the answer took. Who waits must
 * not take the machine from what is waited for. Never a rest of more than 2 s: looks that lie too far apart prove nothing together.
 */
export const restAfter = (askedMs: number, answeredMs: number, everyMs: number): number =>
  Math.max(Math.min((answeredMs - askedMs) / 2, MOST_REST_MS), askedMs + everyMs - answeredMs);
