import { everyLook, ofNodes } from '../condition.ts';
import type { Condition } from '../condition.ts';
import { combine, open, refused } from '../decision.ts';
import type { Automation } from '../site-facts.ts';

/** An upgrade that starts by itself restarts daemons, at a time of its own choice. */
export const noUnattendedUpgrade: Condition = {
  code: 'E4c',
  name: 'no-unattended-upgrade',
  section: 'E',
  checks: 'on every node, units that upgrade packages by themselves are masked or switched off',
  why: 'measured: restarting glusterd on a second node makes it kill its own healthy bricks while quorum is short',
  wouldHavePrevented:
    'an outage by a nightly upgrade of GlusterFS on one node in the middle of another’s reboot',
  needs: 'full',
  asks: ['automation'],
  decide: everyLook((facts) =>
    combine(
      ofNodes(facts, 'automation', 'what upgrades packages', ({ units }, one) => {
        const on = units.filter((unit) => isOn(unit)).map((unit) => unit.name);
        return on.length === 0
          ? [open('')]
          : [
              refused(
                [`${one.node} may upgrade packages by itself: ${on.join(', ')}`],
                'Mask these units for the time of the maintenance (systemctl mask --runtime --now), or waive E4c.',
              ),
            ];
      }),
      'nothing upgrades packages by itself',
    ),
  ),
};

const isOn = ({ enabled, active }: Automation['units'][number]): boolean =>
  enabled !== 'masked' && (active === 'active' || active === 'activating' || enabled === 'enabled');
