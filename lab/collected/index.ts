/** Bricks whose state somebody collected into files. */
export { inspectCollected, type Given } from './inspect.ts';
export { collectedFolder, collectLines } from './print-collect.ts';
