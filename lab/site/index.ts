/** A real cluster over SSH, read-only. */
export { openSite } from './site.ts';
export type { Site, SiteOptions } from './site.ts';
export { lookAround } from './surroundings.ts';
