/** Gates: conditions over facts, and the answer. */
export type * from './facts.ts';
export type * from './process-facts.ts';
export type * from './site-facts.ts';
export * from './gate.ts';
export * from './gates.ts';
export * from './site-description.ts';
export * from './trend.ts';
