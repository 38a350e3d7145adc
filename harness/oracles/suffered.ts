/** How long an outage was for those who lived through it. */
import { siteClockOf } from '../alerting/site-clock.ts';
import type { History } from '../model/event.ts';
import type { Outage } from './outages.ts';
import { hoursAndMinutes } from './say.ts';

/**
 * Nobody waits in the lab for what people take, but the site does: it passes between the first failed probe and the first answer. Whoever
 * comes at noon and plugs in has it before any probe fails once more.
 */
export type Suffered = Outage & { readonly peopleMs: number };

export function sufferedIn(history: History): (outage: Outage) => Suffered {
  const clock = siteClockOf(history);
  return (outage) => {
    const toMs = outage.overMs ?? outage.toMs;
    return { ...outage, peopleMs: clock.modelledSeconds({ fromMs: outage.fromMs, toMs }) * 1000 };
  };
}

/** Empty when people had no part in it. */
export const andPeople = ({ peopleMs }: Suffered): string =>
  peopleMs > 0 ? ` and the ${hoursAndMinutes(peopleMs / 1000)} that people took` : '';
