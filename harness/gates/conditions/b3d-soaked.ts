import { everyLook, ofEveryNode, ofNodes } from '../condition.ts';
import type { Condition, Question } from '../condition.ts';
import { combine, held, open, unseen } from '../decision.ts';
import type { Decision } from '../decision.ts';
import type { GateFacts } from '../facts.ts';
import { everyBrick, setsOf } from '../layout.ts';
import { brickProcesses } from '../processes.ts';

/** Whatever a boot sets going needs time to show. */
export const soaked: Condition = {
  code: 'B3d',
  name: 'soaked',
  section: 'B',
  checks: 'every node and every brick’s process has been up for at least the soak time of this gate',
  why: 'daemons that fail, disks that drop out and heals that begin late do so in the first minutes after a boot',
  wouldHavePrevented: 'three reboots within three minutes: each node was back, none of them was well',
  needs: 'fast',
  asks: ['processes'],
  decide: everyLook(judge),
};

function judge(facts: GateFacts, question: Question): Decision {
  const layout = setsOf(facts);
  if (!layout.seen) return unseen(layout.because);
  const soakMs = question.soakMs ?? 0;
  const young = (what: string, forMs: number): Decision =>
    forMs >= soakMs ? open('') : held(`${what} has been up for ${seconds(forMs)} of ${seconds(soakMs)}`);
  const decisions = [
    ...ofEveryNode(
      facts,
      'identity',
      (one) => one.identity,
      (identity, one) => [young(one.node, identity.uptimeMs)],
    ),
    ...ofNodes(facts, 'processes', 'the list of processes', () => [open('')]),
    ...everyBrick(layout.sets).flatMap((brick) => {
      const found = brickProcesses(facts, brick);
      if (!found.seen) return [unseen(found.because)];
      return found.list.map((one) => young(`the process of brick ${brick}`, one.ageMs));
    }),
  ];
  return combine(decisions, `everything has been up for ${seconds(soakMs)} at least`);
}

const seconds = (ms: number): string => `${Math.floor(ms / 1000)} s`;
