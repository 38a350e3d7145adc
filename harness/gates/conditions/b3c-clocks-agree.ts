import { newest, ofEveryNode } from '../condition.ts';
import type { Condition, Window } from '../condition.ts';
import { combine, open, passing, unseen } from '../decision.ts';
import type { Decision } from '../decision.ts';
import type { GateFacts } from '../facts.ts';
import { lasting } from '../lasting.ts';

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
  return lasting(window, pairs).map((text) => passing(text));
}

function pairs(facts: GateFacts): ReadonlyMap<string, string> {
  const clocks = facts.nodes.flatMap((one) =>
    one.identity.seen ? [{ node: one.node, at: one.identity.epochMs }] : [],
  );
  const sorted = clocks.toSorted((one, other) => one.at - other.at);
  const first = sorted[0];
  const last = sorted.at(-1);
  if (first === undefined || last === undefined || last.at - first.at <= MOST_SKEW_MS) return new Map();
  const text = `the clock of ${last.node} is ${((last.at - first.at) / 1000).toFixed(1)} s ahead of that of ${first.node}`;
  return new Map([[`${first.node} ${last.node}`, text]]);
}
