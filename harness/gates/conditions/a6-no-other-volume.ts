import { newest, ofNodes } from '../condition.ts';
import type { Condition } from '../condition.ts';
import { combine, never, open } from '../decision.ts';
import type { Decision } from '../decision.ts';
import type { GateFacts } from '../facts.ts';

/** A gate judges one volume, and a node that goes down takes the bricks of all of them with it. */
export const noOtherVolume: Condition = {
  code: 'A6',
  name: 'no-other-volume',
  section: 'A',
  checks: 'no other volume of the cluster is started: this answer would say nothing about it',
  why: 'bricks of several volumes lie on the same nodes, and each volume heals by itself',
  wouldHavePrevented:
    'a reboot with the disks healed, and the only good copy of another volume’s files on that node',
  needs: 'fast',
  asks: ['volumes'],
  decide: (window) => judge(newest(window)),
};

function judge(facts: GateFacts): Decision {
  const others = new Set<string>();
  const blind = ofNodes(facts, 'volumes', 'which volumes it knows', ({ list }) => {
    for (const one of list) if (one.started && one.name !== facts.volume) others.add(one.name);
    return [open('')];
  });
  const named = [...others].toSorted().join(', ');
  const decisions =
    others.size === 0
      ? blind
      : [
          ...blind,
          never(
            `this answer is about ${facts.volume} alone, and ${named} is started too: ask for each volume (--volume), and waive A6 with that as the reason`,
          ),
        ];
  return combine(decisions, `${facts.volume} is the only volume that is started`);
}
