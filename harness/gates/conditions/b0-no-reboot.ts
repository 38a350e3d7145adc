import { newest, ofEveryNode } from '../condition.ts';
import type { Condition, Window } from '../condition.ts';
import { combine, held, open } from '../decision.ts';
import type { Decision } from '../decision.ts';
import type { NodeIdentity } from '../facts.ts';

/** What was seen before a reboot says nothing about the time after it. */
export const noReboot: Condition = {
  code: 'B0',
  name: 'no-reboot-while-looking',
  section: 'B',
  checks: 'no node has another boot id in this look than in an earlier one of the window',
  why: 'looks from before and after a reboot do not add up to a stable window',
  wouldHavePrevented:
    'a gate asked before the last node had really gone down, which then answered for the time after',
  needs: 'fast',
  decide: (window) =>
    combine(
      ofEveryNode(
        newest(window),
        'identity',
        (one) => one.identity,
        (now, one) => [compare(window, one.node, now)],
      ),
      'every node is in the same boot throughout',
    ),
};

function compare(window: Window, node: string, now: NodeIdentity): Decision {
  const before = window.flatMap((look) => look.nodes.filter((one) => one.node === node));
  const other = before.some((one) => one.identity.seen && one.identity.bootId !== now.bootId);
  return other
    ? held(`${node} rebooted within the window; it has been up for ${Math.round(now.uptimeMs / 1000)} s`)
    : open('');
}
