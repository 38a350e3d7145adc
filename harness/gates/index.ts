/** Gates: conditions over facts, and the answer. */
export type * from './facts.ts';
export type * from './process-facts.ts';
export type * from './site-facts.ts';
export * from './gate.ts';
export { conditionNamed, gateFor } from './asking.ts';
export type { Condition } from './condition.ts';
export { canaryIsWell } from './conditions/c4-canary.ts';
export { MOST_INDEXED } from './copies.ts';
export * from './cost.ts';
export { reasons as reasonsOf } from './decision.ts';
export { CONDITIONS, DEEP, FAST, FULL, gateNamed, HEALED, withCanary } from './gates.ts';
export type * from './site-description.ts';
