import { newest } from '../condition.ts';
import type { Condition } from '../condition.ts';
import { combine, held, never, open, unseen } from '../decision.ts';

/** A way in when the routers are gone. */
export const outOfBand: Condition = {
  code: 'F4',
  name: 'out-of-band',
  section: 'F',
  checks: 'every address of the site’s out-of-band access answers now, tried from where the gate is asked',
  why: 'a backup connection that nobody tries has stopped working when it is needed',
  wouldHavePrevented: 'a drive to the data center: no node answered, and neither did anything beside them',
  needs: 'full',
  asks: ['outOfBand'],
  decide: (window, { site }) => {
    const said = site?.outOfBand;
    const { outOfBand: found } = newest(window).surroundings;
    if (said === undefined)
      return never(
        'the site’s description does not say by which way in one gets there without the routers: say it there (healproof_out_of_band), or waive F4 with the reason',
      );
    if (!found.seen) return unseen(`the ways in were not tried: ${found.because}`);
    const tried = said.map((one) => {
      // By where it leads: a name may be that of a user, and the same for all.
      const attempt = found.tried.find(({ where }) => where === `${one.host}:${one.port}`);
      if (attempt === undefined) return unseen(`the way in by ${one.of} was not tried`);
      return attempt.ok
        ? open('')
        : held(`the way in by ${one.of} (${attempt.where}) does not answer: ${attempt.said}`);
    });
    return combine(tried, `${tried.length} ways in answer`);
  },
};
