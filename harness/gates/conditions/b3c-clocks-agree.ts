import { newest, ofEveryNode } from '../condition.ts';
import type { Condition, Window } from '../condition.ts';
import { combine, open, passing, unseen } from '../decision.ts';
import type { Decision } from '../decision.ts';
import type { GateFacts } from '../facts.ts';
import { inEveryLook } from '../lasting.ts';

/** All nodes are asked at once; what is less than this may be the way there and back. */
const MOST_SKEW_MS = 1000;

/** Times on bricks are compared with each other when copies differ. */
export const clocksAgree: Condition = {
  code: 'B3c',
  name: 'clocks-agree',
  section: 'B',
  checks:
    'the clocks of all nodes, asked at the same moment, are within a second of each other in at least one look of the window',
  why: 'where nobody is accused, GlusterFS takes the copy with the newest ctime; and logs of nodes whose clocks differ can’t be put in order',
  wouldHavePrevented: 'a heal that took the older copy for the newer one, because its node’s clock ran ahead',
  needs: 'fast',
  decide: (window) =>
    combine(
      [
        ...ofEveryNode(
          newest(window),
          'identity',
          (one) => one.identity,
          () => [open('')],
        ),
        ...(newest(window).nodes.length < 2 ? [unseen('two clocks are needed to compare them')] : []),
        ...skewed(window),
      ],
      'all clocks within a second',
    ),
};

/** A look in which the network was slow shows a skew that the next one does not. */
function skewed(window: Window): readonly Decision[] {
  return inEveryLook(window, pairs).map((text) => passing(text));
}

/** Every pair, not only the farthest: which of two right clocks is the farther one from a wrong clock changes from look to look. */
function pairs(facts: GateFacts): ReadonlyMap<string, string> {
  const clocks = facts.nodes.flatMap((one) =>
    one.identity.seen ? [{ node: one.node, at: one.identity.epochMs }] : [],
  );
  return new Map(
    clocks.flatMap((behind) =>
      clocks
        .filter((ahead) => ahead.at - behind.at > MOST_SKEW_MS)
        .map((ahead) => {
          const by = ((ahead.at - behind.at) / 1000).toFixed(1);
          return [
            `${behind.node} ${ahead.node}`,
            `the clock of ${ahead.node} is ${by} s ahead of that of ${behind.node}`,
          ] as const;
        }),
    ),
  );
}
