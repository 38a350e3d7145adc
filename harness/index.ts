/** The only door to this room. */
export * from './model/names.ts';
export * from './model/site.ts';
export * from './model/facts.ts';
export * from './model/event.ts';
export * from './model/verdict.ts';
export * from './oracles/oracle.ts';
export * from './procedures/procedure.ts';
export type * from './run/ports.ts';
export * from './procedures/upgrade.ts';
export type * from './run/scenario.ts';
export * from './run/run-scenario.ts';
export * from './run/until.ts';
export * from './run/live.ts';
export * from './run/rest.ts';
export * from './run/play.ts';
export * from './gates/index.ts';
export * from './afr/index.ts';
