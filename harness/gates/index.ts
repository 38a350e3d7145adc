/** Gates: conditions over facts, and the answer. */
export type * from './facts.ts';
export * from './gate.ts';
export { CONDITIONS, HEALED, gateNamed } from './gates.ts';
