import { everyLook } from '../condition.ts';
import type { Condition, Question } from '../condition.ts';
import { combine, open, refused, unseen } from '../decision.ts';
import type { Decision } from '../decision.ts';
import type { GateFacts, ReplicaSet } from '../facts.ts';
import { quorumCount } from '../../afr/replica-set.ts';
import { bricksOn, quorumOf, setsOf } from '../layout.ts';

/** Three bricks and a quorum, or else nobody can outvote a stale copy. */
export const quorumByLayout: Condition = {
  code: 'A3a',
  name: 'quorum-by-layout',
  section: 'A',
  checks:
    'every replica set has three bricks (one may be an arbiter), the node holds at most one of them, and clients use a quorum',
  why: 'with two bricks, or without quorum, each can be written alone in turn, and then each accuses the other: split-brain',
  wouldHavePrevented:
    'the incident itself on replica 2: two reboots in a row without heal left both bricks accusing each other',
  needs: 'fast',
  decide: everyLook(judge),
};

function judge(facts: GateFacts, question: Question): Decision {
  const layout = setsOf(facts);
  const local = bricksOn(facts, question.node);
  if (!layout.seen) return unseen(layout.because);
  if (!local.seen) return unseen(local.because);
  const decisions = layout.sets.flatMap((set) => [
    copies(set),
    together(set, question, local.bricks),
    quorum(facts, set),
  ]);
  return combine(decisions, `${layout.sets.length} replica sets of three bricks with quorum`);
}

function copies(set: ReplicaSet): Decision {
  return set.bricks.length >= 3
    ? open('')
    : refused(
        [`${set.name} has ${set.bricks.length} bricks: while one is down the other is written alone`],
        'Add a third brick or an arbiter; until then waive A3a and reboot only when everything else is open.',
      );
}

function together(set: ReplicaSet, question: Question, local: ReadonlySet<string>): Decision {
  const both = set.bricks.filter((one) => local.has(one.brick));
  return both.length <= 1
    ? open('')
    : refused(
        [
          `${question.node} holds ${both.length} bricks of ${set.name}: ${both.map((one) => one.brick).join(', ')}`,
        ],
        'Move one of them to another node (gluster volume replace-brick).',
      );
}

function quorum(facts: GateFacts, set: ReplicaSet): Decision {
  const found = quorumOf(facts, set);
  if (!found.seen) return unseen(found.because);
  if (quorumCount(found.rule, set.bricks.length) > 1) return open('');
  return refused(
    [`clients of ${set.name} use quorum ${found.rule.type}: one brick alone accepts writes`],
    'Set cluster.quorum-type auto on a volume with three bricks; on two bricks waive A3a.',
  );
}
