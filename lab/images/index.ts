export { currentTags, ensureImages } from './ensure.ts';
export type { Images } from './ensure.ts';
export { removeOldImages } from './prune.ts';
export type { PrunedImages } from './prune.ts';
