export { siteFrom } from './options.ts';
export { shellLine, siteArguments } from './typed.ts';
export { withSiteOptions } from './words.ts';
export type { SiteWords } from './words.ts';
