/** `healproof lease`, and what the gate needs of it. */
export { DEFAULT_TTL_MS, leaseCommand, ownName, ttl } from './command.ts';
export { holdLease } from './hold.ts';
export type { Kept } from './hold.ts';
export { heldSentence, releaseLine } from './text.ts';
