export { siteFrom, withSiteOptions } from './options.ts';
export type { SiteWords } from './options.ts';
