import { everyLook } from '../condition.ts';
import type { Condition, Question } from '../condition.ts';
import { combine, held, open, unseen } from '../decision.ts';
import type { Decision } from '../decision.ts';
import type { GateFacts, MountFacts, NodeFacts, ReplicaSet } from '../facts.ts';
import { setsOf } from '../layout.ts';

/** The clients' own word on which bricks they write to. */
export const mountsConnected: Condition = {
  code: 'C2',
  name: 'mounts-connected',
  section: 'C',
  topic: 'bricks',
  checks: 'every mount on every node is connected to every brick (its client’s own tables under .meta)',
  why: 'a client that lost one brick accuses it with every write while every status table looks healthy',
  wouldHavePrevented:
    'a reboot while one hypervisor wrote to two of three bricks only: its good copies went down with the node',
  needs: 'fast',
  decide: everyLook(judge),
};

function judge(facts: GateFacts, question: Question): Decision {
  const layout = setsOf(facts);
  if (!layout.seen) return unseen(layout.because);
  const decisions = facts.nodes.flatMap((one) => node(layout.sets, one, question));
  return combine(decisions, `mounts on ${facts.nodes.length} nodes, each connected to every brick`);
}

function node(sets: readonly ReplicaSet[], one: NodeFacts, { site }: Question): readonly Decision[] {
  if (!one.mounts.seen) return [unseen(`the mounts of ${one.node} were not seen: ${one.mounts.because}`)];
  if (one.mounts.mounts.length === 0) {
    return site?.withoutMount?.includes(one.node) === true
      ? [open('')]
      : [held(`${one.node} has not mounted the volume`)];
  }
  return one.mounts.mounts.flatMap((mount) => clients(sets, one, mount));
}

function clients(sets: readonly ReplicaSet[], one: NodeFacts, mount: MountFacts): readonly Decision[] {
  const where = `${one.node}:${mount.path}`;
  const seen = mount.clients;
  if (!seen.seen) return [unseen(`the client of ${where} was not seen: ${seen.because}`)];
  return sets.flatMap((set) => {
    const isWired = (client: string): boolean =>
      seen.bricks.some((brick) => brick.client === client && brick.connected);
    const wired = set.bricks.map((brick): Decision => {
      const found = seen.bricks.find((client) => client.client === brick.client);
      if (found === undefined) return unseen(`${where} has no client for brick ${brick.brick}`);
      return found.connected ? open('') : held(`${where} is not connected to brick ${brick.brick}`);
    });
    const view = seen.sets.find((candidate) => candidate.set === set.name);
    if (view === undefined) return [...wired, unseen(`${where} does not know the replica set ${set.name}`)];
    if (view.childUp.length !== set.bricks.length) {
      return [
        ...wired,
        unseen(
          `${where} counts ${view.childUp.length} bricks in ${set.name}, the volfile has ${set.bricks.length}`,
        ),
      ];
    }
    return [
      ...wired,
      ...set.bricks
        .filter((brick, index) => view.childUp[index] !== true && isWired(brick.client))
        .map((brick) => held(`${where} does not use brick ${brick.brick} yet`)),
    ];
  });
}
