/**
 * Time until the next question, milliseconds: `everyMs` from question to question, but at least half of what the answer took. Who waits must
 * not take the machine from what is waited for.
 */
export const restAfter = (askedMs: number, answeredMs: number, everyMs: number): number =>
  Math.max((answeredMs - askedMs) / 2, askedMs + everyMs - answeredMs);
