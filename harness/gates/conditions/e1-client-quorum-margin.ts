import type { BrickId } from '../../model/names.ts';
import { everyLook } from '../condition.ts';
import type { Condition, Question } from '../condition.ts';
import { combine, open, refused, unseen } from '../decision.ts';
import type { Decision } from '../decision.ts';
import type { GateFacts, ReplicaSet } from '../facts.ts';
import { quorumCount } from '../../afr/replica-set.ts';
import { bricksOn, mountedNowhere, quorateWith, quorumOf, setsOf } from '../layout.ts';
import { brickProcesses, isStuck } from '../processes.ts';

/** Arithmetic on what is really connected, not on what is configured. */
export const clientQuorumMargin: Condition = {
  code: 'E1',
  name: 'client-quorum-margin',
  section: 'E',
  checks:
    'without the node’s bricks, every replica set still has quorum and a data brick, by the other nodes’ mounts (where none of the nodes mounts the volume: by the bricks’ processes)',
  why: 'below quorum every file operation fails with ENOTCONN, on every mount at once',
  wouldHavePrevented: 'the second of two operators taking a second node down',
  needs: 'fast',
  decide: everyLook(judge),
};

function judge(facts: GateFacts, question: Question): Decision {
  const layout = setsOf(facts);
  const local = bricksOn(facts, question.node);
  if (!layout.seen) return unseen(layout.because);
  if (!local.seen) return unseen(local.because);
  const decisions = layout.sets.map((set) => oneSet(facts, question, set, local.bricks));
  return combine(decisions, `quorum stays without ${question.node} in ${layout.sets.length} replica sets`);
}

function oneSet(
  facts: GateFacts,
  question: Question,
  set: ReplicaSet,
  local: ReadonlySet<BrickId>,
): Decision {
  const quorum = quorumOf(facts, set);
  if (!quorum.seen) return unseen(quorum.because);
  const wired = connected(facts, question, set);
  if (typeof wired === 'string') return unseen(wired);
  const left = new Set([...wired].filter((brick) => !local.has(brick)));
  const readable = set.bricks.some((one) => !one.arbiter && left.has(one.brick));
  if (quorateWith(quorum.rule, set, left) && readable) return open('');
  const needs = Math.max(1, quorumCount(quorum.rule, set.bricks.length));
  const allUp = new Set(set.bricks.map((one) => one.brick).filter((brick) => !local.has(brick)));
  const downNow = set.bricks.filter((one) => !wired.has(one.brick)).map((one) => one.brick);
  const because =
    `${set.name} would have ${left.size} of ${set.bricks.length} bricks left without ${question.node}, ` +
    `quorum ${quorum.rule.type} needs ${needs}${readable ? '' : ' and at least one with data'}`;
  return quorateWith(quorum.rule, set, allUp)
    ? refused(
        [`${because}; not connected now: ${downNow.join(', ')}`],
        'Bring the missing bricks back first.',
        true,
      )
    : refused(
        [because],
        `${question.node} can't go down without an interruption on this layout: stop the guests first, or add a brick.`,
      );
}

/** Bricks that every mount of the other nodes is connected to; a sentence when a mount did not tell. */
function connected(facts: GateFacts, question: Question, set: ReplicaSet): ReadonlySet<BrickId> | string {
  const wired = new Set(set.bricks.map((one) => one.brick));
  let asked = 0;
  for (const one of facts.nodes) {
    if (one.node === question.node) continue;
    if (!one.mounts.seen) return `the mounts of ${one.node} were not seen: ${one.mounts.because}`;
    for (const mount of one.mounts.mounts) {
      if (!mount.clients.seen)
        return `the client of ${one.node}:${mount.path} was not seen: ${mount.clients.because}`;
      asked += 1;
      for (const brick of set.bricks) {
        const client = mount.clients.bricks.find((candidate) => candidate.client === brick.client);
        if (client?.connected !== true) wired.delete(brick.brick);
      }
    }
  }
  if (asked > 0) return wired;
  return mountedNowhere(facts)
    ? serving(facts, set)
    : `no mount besides ${question.node}'s was asked which bricks it is connected to`;
}

/** Where no node is a client, what the bricks' processes are is all that the nodes can tell. */
function serving(facts: GateFacts, set: ReplicaSet): ReadonlySet<BrickId> | string {
  const served = new Set<BrickId>();
  for (const { brick } of set.bricks) {
    const found = brickProcesses(facts, brick);
    if (!found.seen) return found.because;
    if (found.list.some((process) => !isStuck(process))) served.add(brick);
  }
  return served;
}
