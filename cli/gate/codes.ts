/** Exit codes of the gate. Only 0 is a yes. */
export const UNKNOWN = 3;
export const INTERRUPTED = 130;
export const CODES = { open: 0, held: 1, refused: 2, unknown: UNKNOWN } as const;
