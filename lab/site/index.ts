/** A real cluster over SSH, read-only. */
export { openSite } from './site.ts';
export type { Site } from './site.ts';
export { lookAround } from './surroundings.ts';
