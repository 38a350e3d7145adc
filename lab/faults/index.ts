/** Faults in a lab: how they are brought about, seen and ended. What they are is in harness/faults. */
export { Injector } from './injector.ts';
export { WATCHERS } from './mechanism.ts';
