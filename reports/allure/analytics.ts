/** Allure writes Google Analytics into every page, without a switch. A report about somebody's storage calls nobody. Pure. */

const LOADER = /<script\b[^>]*\bsrc="https:\/\/www\.googletagmanager\.com[^>]*>\s*<\/script>/g;
/** A whole script whose first statement is about `dataLayer`; never reaches over the end of a script. */
const SETTINGS = /<script>\s*window\.dataLayer\s*=(?:(?!<\/script>)[\s\S])*<\/script>/g;

/** @throws when something of it is left, as after an update of Allure that writes it in another way. */
export function withoutAnalytics(html: string, name: string): string {
  const clean = html.replace(LOADER, '').replace(SETTINGS, '');
  const left = /googletagmanager|google-analytics\.com/.exec(clean);
  if (left === null) return clean;
  const around = clean.slice(Math.max(0, left.index - 60), left.index + 100);
  throw new Error(
    `${name} still names ${left[0]} after its analytics were taken out, near ${JSON.stringify(around)}; Allure writes them in a new way, see reports/allure/analytics.ts`,
  );
}
