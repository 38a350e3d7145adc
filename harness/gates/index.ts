/** Gates: conditions over facts, and the answer. */
export type * from './facts.ts';
export * from './gate.ts';
export { conditionNamed, gateFor } from './asking.ts';
export type { Condition } from './condition.ts';
export { reasons as reasonsOf } from './decision.ts';
export { CONDITIONS, HEALED, gateNamed } from './gates.ts';
