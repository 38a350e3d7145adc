/** Bricks whose state somebody collected into files. */
export { benchCollected, withBricks } from './bench.ts';
export type { InspectBench } from './bench.ts';
export { inspectCollected, type Given } from './inspect.ts';
export { collectedFolder, collectLines } from './print-collect.ts';
