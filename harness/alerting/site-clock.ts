/** The site's clock over a history: the lab's clock from the begin of the night, plus the time that people took. Pure. */
import type { History } from '../model/event.ts';
import { at } from './site-time.ts';
import type { SiteSeconds } from './site-time.ts';

/** The owner ran the upgrades late in the evening; around midnight both routers were gone. */
export const NIGHT_BEGINS: SiteSeconds = at(23, 50);

export interface SiteClock {
  /** What the site's clock shows when the lab's shows `atMs`; everything that people did until then, that moment included, has passed. */
  at(atMs: number): SiteSeconds;
  /** Seconds that people took within a span of the lab's clock, both ends included: the site's clock minus the lab's. */
  modelledSeconds(span: { readonly fromMs: number; readonly toMs: number }): number;
}

export function siteClockOf(history: History): SiteClock {
  let begins = NIGHT_BEGINS;
  let disturbMs: number | undefined;
  const people: { atMs: number; siteSeconds: number }[] = [];
  for (const event of history) {
    if (event.kind === 'run-began') begins = event.nightBegins ?? begins;
    else if (event.kind === 'phase' && event.phase === 'disturb') disturbMs ??= event.atMs;
    else if (event.kind === 'person') people.push(event);
  }
  const fromMs = disturbMs ?? 0;
  const taken = (within: (atMs: number) => boolean): number =>
    people.reduce((sum, one) => (within(one.atMs) ? sum + one.siteSeconds : sum), 0);
  return {
    at: (atMs) => begins + (atMs - fromMs) / 1000 + taken((personMs) => personMs <= atMs),
    modelledSeconds: (span) => taken((personMs) => personMs >= span.fromMs && personMs <= span.toMs),
  };
}
