import { everyLook, ofNodes } from '../condition.ts';
import type { Condition } from '../condition.ts';
import { combine, held, open, refused } from '../decision.ts';
import type { Decision } from '../decision.ts';

/** Of systemd, systemctl(1): everything else is up, more or less. */
const UP = new Set(['running', 'degraded']);

/** What has been set going already is not in any other table yet. */
export const nobodyElseGoesDown: Condition = {
  code: 'E4b',
  name: 'nobody-else-goes-down',
  section: 'E',
  checks:
    'no other node is starting, stopping, or has a reboot or power-off as a job of systemd or scheduled; no package manager runs there',
  why: 'a reboot that was typed elsewhere shows there seconds, or with `shutdown -r` a minute, before any brick or vote is missing',
  wouldHavePrevented: 'two nodes down at once because a second shell still had a reboot under way',
  needs: 'full',
  asks: ['automation'],
  decide: everyLook((facts, question) => {
    const others = facts.nodes.filter((one) => one.node !== question.node);
    return combine(
      ofNodes(
        facts,
        'automation',
        'what systemd is about to do',
        (found, one): readonly Decision[] => [
          found.goingDown.length === 0
            ? open('')
            : refused(
                [`${one.node} is going down: ${found.goingDown.join(', ')}`],
                `Wait until ${one.node} is back, and healed.`,
                true,
              ),
          UP.has(found.system) ? open('') : held(`systemd of ${one.node} is "${found.system}"`),
          ...found.packaging.map((process) => held(`packages are being changed on ${one.node} (${process})`)),
        ],
        others,
      ),
      `${others.length} other nodes stay up`,
    );
  }),
};
