/** The only door to this room. */
export * from './model/names.ts';
export * from './model/site.ts';
export * from './model/facts.ts';
export * from './model/event.ts';
export * from './model/verdict.ts';
export * from './oracles/oracle.ts';
export * from './procedures/procedure.ts';
export type * from './run/ports.ts';
