/** Faults: what goes wrong, as data; and what it must do to a gate. */
export * from './fault.ts';
export { FAULTS, faultsOf } from './catalogue.ts';
export * from './flips.ts';
export type { Family } from './catalogue.ts';
