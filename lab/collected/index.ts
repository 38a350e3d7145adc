/** Bricks whose state somebody collected into files. */
export { inspectCollected, type Given } from './inspect.ts';
export { collectLines } from './print-collect.ts';
