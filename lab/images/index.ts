export { currentTags, ensureImages } from './ensure.ts';
export { removeOldImages } from './prune.ts';
