import { everyLook, ofEveryNode, ofNodes } from '../condition.ts';
import type { Condition } from '../condition.ts';
import { combine, held, open, unseen } from '../decision.ts';
import type { Decision } from '../decision.ts';
import type { GateFacts } from '../facts.ts';

/** States of a task in which nothing moves (cli/src/cli-cmd-volume.c `cli_vol_task_status_str`). */
const AT_REST =
  /^(?:not started|(?:fix-layout )?(?:stopped|completed|failed)|reset due to (?:replace|reset)-brick)$/;
const MOVES = new Set(['in progress', 'fix-layout in progress']);

/** Nobody moves data around right now. */
export const noRunningTask: Condition = {
  code: 'A5',
  name: 'no-running-task',
  section: 'A',
  checks:
    'no task of the volume (rebalance, remove-brick) is in progress, and no rebalance process runs on any node',
  why: 'a layout that changes while a node is away leaves files on bricks where nobody looks for them',
  wouldHavePrevented:
    'a reboot in the middle of a remove-brick, with shards left behind on the brick that was to go',
  needs: 'full',
  asks: ['processes'],
  decide: everyLook(judge),
};

function judge(facts: GateFacts): Decision {
  const decisions = [
    ...ofEveryNode(
      facts,
      'volume status',
      (one) => one.status,
      (status, one) => [
        open(''),
        ...status.tasks
          .filter((task) => !AT_REST.test(task.status))
          .map((task) =>
            MOVES.has(task.status)
              ? held(`${one.node} says that the task "${task.type}" is ${task.status}`)
              : unseen(
                  `${one.node} says that the task "${task.type}" is "${task.status}", which is not understood`,
                ),
          ),
      ],
    ),
    ...ofNodes(facts, 'processes', 'the list of processes', (processes, one) => [
      open(''),
      ...processes.list
        .filter((process) => process.kind === 'rebalance' && process.volume === facts.volume)
        .map((process) => held(`a rebalance runs on ${one.node} (pid ${process.pid})`)),
    ]),
  ];
  return combine(decisions, 'no task is in progress');
}
