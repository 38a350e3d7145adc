import { everyLook } from '../condition.ts';
import type { Condition, Question } from '../condition.ts';
import { combine, open, refused, unseen } from '../decision.ts';
import type { Decision } from '../decision.ts';
import type { GateFacts } from '../facts.ts';
import { everyBrick, setsOf } from '../layout.ts';
import { brickProcesses } from '../processes.ts';

/** Not asked of the bricks that go down now: the reboot is what gives them the new program. */
export const runsWhatIsInstalled: Condition = {
  code: 'B3f',
  name: 'runs-what-is-installed',
  section: 'B',
  topic: 'bricks',
  checks:
    'the bricks that stay run the program and the libraries that are installed, none that were replaced on disk',
  why: 'a brick that was upgraded and not restarted comes back as another version when it next has to, which is while this node is away',
  wouldHavePrevented:
    'a brick of the other node that died during the reboot, and whose new version did not start',
  needs: 'fast',
  asks: ['processes'],
  decide: everyLook(judge),
};

function judge(facts: GateFacts, question: Question): Decision {
  const layout = setsOf(facts);
  if (!layout.seen) return unseen(layout.because);
  const decisions = everyBrick(layout.sets).flatMap((brick): readonly Decision[] => {
    const found = brickProcesses(facts, brick);
    if (!found.seen) return [unseen(found.because)];
    if (found.node.node === question.node) return [open('')];
    const old = found.list.filter((one) => one.replacedOnDisk);
    return [
      open(''),
      ...old.map(({ pid }) =>
        refused(
          [
            `the process of brick ${brick} still runs a program or library that was replaced on disk (pid ${pid})`,
          ],
          'Take that node down first: its own gate does not ask this of its own bricks. Where several nodes wait for it, waive B3f for all but the last of them.',
        ),
      ),
    ];
  });
  return combine(decisions, 'the bricks that stay run what is installed');
}
