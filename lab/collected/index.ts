/** Bricks whose state somebody collected into files. */
export { inspectCollected, type Given, type InspectCollected } from './inspect.ts';
export { collectLines } from './print-collect.ts';
