import { newest } from '../condition.ts';
import type { Condition } from '../condition.ts';
import { combine, held, never, open, unseen } from '../decision.ts';
import type { Decision } from '../decision.ts';

/** Somebody would be woken if it went wrong. */
export const alertingAlive: Condition = {
  code: 'F5',
  name: 'alerting-alive',
  section: 'F',
  checks:
    'the alert that always fires has reached the Alertmanager lately, and no silence is active but those of this maintenance',
  why: 'alerts that can’t fire look like a site that is well; a silence from the last maintenance hides the next outage',
  wouldHavePrevented:
    'an outage that nobody was told of, because alerts by then lay under a silence that had been forgotten',
  needs: 'full',
  asks: ['alerting'],
  decide: (window, { site }) => {
    const facts = newest(window);
    const said = site?.alerting;
    const { alerting } = facts.surroundings;
    if (said === undefined)
      return never(
        'the site’s description does not say where its Alertmanager is: say it there (healproof_alertmanager), or waive F5 with the reason',
      );
    if (!alerting.seen) return unseen(`the Alertmanager was not seen: ${alerting.because}`);
    const heard = alerting.heartbeatAtMs;
    const ageSeconds = heard === undefined ? undefined : (facts.atMs - heard) / 1000;
    const decisions: Decision[] = [
      ageSeconds === undefined
        ? held(`the alert ${said.heartbeat}, which always fires, is not among the alerts`)
        : ageSeconds <= said.withinSeconds
          ? open('')
          : held(
              `the alert ${said.heartbeat} was last heard of ${Math.round(ageSeconds)} s ago, limit ${said.withinSeconds} s`,
            ),
      ...alerting.silences
        .filter((one) => !said.silences.includes(one.id))
        .map((one) => held(`a silence of ${one.by} hides ${one.matchers} ("${one.comment}")`)),
    ];
    return combine(decisions, `${said.heartbeat} heard, no silence`);
  },
};
