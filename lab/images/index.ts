export { PUBLIC_BASE, readHostSources } from './base.ts';
export { currentTags, ensureImages } from './ensure.ts';
export { removeOldImages } from './prune.ts';
