import { everyLook, ofEveryNode, ofNodes } from '../condition.ts';
import type { Condition } from '../condition.ts';
import { combine, held, open, unseen } from '../decision.ts';
import type { Decision } from '../decision.ts';
import type { GateFacts, NodeFacts, StatusRow } from '../facts.ts';
import { nodeOfBrick } from '../../model/names.ts';
import type { BrickId } from '../../model/names.ts';
import { brickProcesses } from '../processes.ts';

/**
 * Instead of `gluster get-state`, which writes a file on the node and is no better: measured, it says that a stopped self-heal daemon is
 * online, keeps `port_registered: 1` for a brick that was killed, and calls the server quorum "not_applicable" where it is in use.
 */
export const tablesMatchProcesses: Condition = {
  code: 'B2',
  name: 'tables-match-processes',
  section: 'B',
  topic: 'bricks',
  checks:
    'pid and port that every node’s `volume status` shows for a brick or self-heal daemon are those of the process that runs there',
  why: 'clients are sent to the port that glusterd believes in: when it is another process’s, new mounts miss the brick',
  wouldHavePrevented:
    'a reboot after a power cut had left a second brick process or a stale port: every new client wrote to two bricks only',
  needs: 'full',
  asks: ['processes'],
  decide: everyLook(judge),
};

function judge(facts: GateFacts): Decision {
  const decisions = [
    ...ofNodes(facts, 'processes', 'the list of processes', () => [open('')]),
    ...ofEveryNode(
      facts,
      'volume status',
      (one) => one.status,
      (status, viewer) =>
        status.rows.filter((row) => row.online).flatMap((row) => compare(facts, viewer, row)),
    ),
  ];
  return combine(decisions, 'pids and ports of glusterd’s tables are those of the processes');
}

function compare(facts: GateFacts, viewer: NodeFacts, row: StatusRow): readonly Decision[] {
  if (row.kind === 'brick') return brick(facts, viewer, row, row.name as BrickId);
  return row.kind === 'self-heal' ? healer(facts, viewer, row) : [];
}

function brick(facts: GateFacts, viewer: NodeFacts, row: StatusRow, id: BrickId): readonly Decision[] {
  const found = brickProcesses(facts, id);
  if (!found.seen) return [unseen(found.because)];
  const process = found.list.find((one) => one.pid === row.pid);
  if (process === undefined) {
    const runs = found.list.map((one) => one.pid).join(', ') || 'none';
    return [
      held(
        `${viewer.node} says that brick ${id} has pid ${row.pid ?? 'none'}, but on ${nodeOfBrick(id)} its processes are ${runs}`,
      ),
    ];
  }
  if (row.port !== undefined && process.listens.includes(row.port)) return [open('')];
  const listens = process.listens.join(', ') || 'none';
  return [
    held(
      `${viewer.node} says that brick ${id} has port ${row.port ?? 'none'}, but its process listens on ${listens}`,
    ),
  ];
}

function healer(facts: GateFacts, viewer: NodeFacts, row: StatusRow): readonly Decision[] {
  const on = facts.nodes.find((one) => one.identity.seen && one.identity.uuid === row.uuid);
  if (on === undefined || !on.extra.processes.seen)
    return [unseen(`whose self-heal daemon ${row.uuid} is was not seen`)];
  const runs = on.extra.processes.list.filter((one) => one.kind === 'self-heal').map((one) => one.pid);
  if (row.pid !== undefined && runs.includes(row.pid)) return [open('')];
  return [
    held(
      `${viewer.node} says that the self-heal daemon of ${on.node} has pid ${row.pid ?? 'none'}, but there it is ${runs.join(', ') || 'not running'}`,
    ),
  ];
}
