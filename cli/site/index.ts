export { siteFrom } from './options.ts';
export { withSiteOptions } from './words.ts';
export type { SiteWords } from './words.ts';
