import { everyLook } from '../condition.ts';
import type { Condition } from '../condition.ts';
import { combine, held, open, refused, unseen } from '../decision.ts';
import type { Decision } from '../decision.ts';
import type { GateFacts } from '../facts.ts';
import { everyBrick, setsOf } from '../layout.ts';
import { brickProcesses, isStuck, STATE_NAME } from '../processes.ts';
import type { BrickId } from '../../model/names.ts';

/** By the kernel of the brick's own node. */
export const oneProcessPerBrick: Condition = {
  code: 'B3b',
  name: 'one-process-per-brick',
  section: 'B',
  topic: 'bricks',
  checks: 'every brick is served by exactly one process, which is not stopped and listens',
  why: 'glusterd’s table shows a stopped process as online; two processes on one brick write over each other',
  wouldHavePrevented:
    'a reboot while a brick hung: status and ping looked healthy, and every client stood still for half a minute',
  needs: 'fast',
  asks: ['processes'],
  decide: everyLook(judge),
};

function judge(facts: GateFacts): Decision {
  const layout = setsOf(facts);
  if (!layout.seen) return unseen(layout.because);
  const bricks = everyBrick(layout.sets);
  return combine(
    bricks.map((brick) => served(facts, brick)),
    `${bricks.length} bricks, each with one process that listens`,
  );
}

function served(facts: GateFacts, brick: BrickId): Decision {
  const found = brickProcesses(facts, brick);
  if (!found.seen) return unseen(found.because);
  const [process] = found.list;
  if (process === undefined) {
    return held(
      `no process of its own serves brick ${brick} (bricks that share one, cluster.brick-multiplex, are not understood)`,
    );
  }
  if (found.list.length > 1) {
    return refused(
      [`${found.list.length} processes serve brick ${brick}: ${found.list.map((one) => one.pid).join(', ')}`],
      'End all of them on that node and start the brick again: gluster volume start V force.',
    );
  }
  const decisions: Decision[] = [open('')];
  if (isStuck(process)) {
    decisions.push(
      held(
        `the process of brick ${brick} is ${STATE_NAME[process.state] ?? process.state} (pid ${process.pid})`,
      ),
    );
  }
  if (process.listens.length === 0) decisions.push(held(`the process of brick ${brick} listens on no port`));
  return combine(decisions, '');
}
