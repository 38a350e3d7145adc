/** Gates: conditions over facts, and the answer. */
export type * from './facts.ts';
export type { Decision, DecisionKind } from './decision.ts';
export type { Condition, Question, Section, Window } from './condition.ts';
export * from './gate.ts';
export { CONDITIONS, HEALED, gateNamed } from './gates.ts';
