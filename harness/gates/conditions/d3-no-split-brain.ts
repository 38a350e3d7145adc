import { everyLook, factsOf } from '../condition.ts';
import type { Condition } from '../condition.ts';
import { some } from '../copies.ts';
import { combine, held, open, refused, unseen } from '../decision.ts';
import type { Decision } from '../decision.ts';
import type { GateFacts, NodeFacts } from '../facts.ts';
import { everyBrickOnce } from '../heal-lists.ts';

const REPAIR =
  'Do not reboot: decide per file which brick holds the good copy (gluster volume heal V split-brain source-brick …), or restore from backup.';

/** What never heals by itself. A zero here proves nothing alone: with a brick down it is always zero. */
export const noSplitBrain: Condition = {
  code: 'D3',
  name: 'no-split-brain',
  section: 'D',
  checks:
    '`heal info split-brain` lists 0 on every brick from two nodes, and no line of `heal info` says "Is in split-brain"',
  why: 'a file in split-brain never heals; the marker is in the text only, the XML does not have it',
  wouldHavePrevented: 'going on with the third node while the routers’ disks were already unreadable',
  needs: 'full',
  decide: everyLook(judge),
};

function judge(facts: GateFacts): Decision {
  if (facts.healLeftOut !== undefined) return held(`not asked yet: ${facts.healLeftOut}`);
  if (facts.healWitnesses.length < 2) {
    return unseen(`heal info was asked of ${facts.healWitnesses.length} nodes; two are needed`);
  }
  const decisions = facts.healWitnesses.flatMap((name): readonly Decision[] => {
    const found = factsOf(facts, name);
    return found.seen ? witness(facts, found.of) : [unseen(found.because)];
  });
  return combine(decisions, `no split-brain, said by ${facts.healWitnesses.join(' and ')}`);
}

function witness(facts: GateFacts, one: NodeFacts): readonly Decision[] {
  const marked = one.healInfo.seen ? one.healInfo.bricks : [];
  return [
    ...everyBrickOnce(facts, `heal info split-brain on ${one.node}`, one.splitBrain, (where, brick, count) =>
      count === 0
        ? open('')
        : refused([`${where} lists ${count} files on brick ${brick.brick} (${some(brick.listed)})`], REPAIR),
    ),
    ...(one.healInfo.seen
      ? []
      : [
          unseen(
            `heal info on ${one.node} was not seen, so its split-brain markers were not either: ${one.healInfo.because}`,
          ),
        ]),
    ...marked
      .filter((brick) => brick.inSplitBrain.length > 0)
      .map((brick) =>
        refused(
          [
            `heal info on ${one.node} marks ${brick.inSplitBrain.length} files on brick ${brick.brick} as in split-brain ` +
              `(${some(brick.inSplitBrain)})`,
          ],
          REPAIR,
        ),
      ),
  ];
}
