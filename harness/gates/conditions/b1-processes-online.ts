import { everyLook, ofEveryNode } from '../condition.ts';
import type { Condition } from '../condition.ts';
import { combine, held, open, unseen } from '../decision.ts';
import type { Decision } from '../decision.ts';
import type { GateFacts, NodeFacts, ReplicaSet, StatusRow, VolumeStatus } from '../facts.ts';
import { everyBrick, setsOf } from '../layout.ts';

/** Every brick and every self-heal daemon, by every node's own table. */
export const processesOnline: Condition = {
  code: 'B1',
  name: 'processes-online',
  section: 'B',
  topic: 'bricks',
  checks:
    'in every node’s `volume status`: one row per brick and per self-heal daemon, online, with port and pid',
  why: 'a node that is away has no rows at all, so "no row says N" proves nothing; and without the daemon nothing heals',
  wouldHavePrevented:
    'the next reboot while a brick had not come back after the last one (port taken, file system not mounted)',
  needs: 'full',
  decide: everyLook(judge),
};

function judge(facts: GateFacts): Decision {
  const layout = setsOf(facts);
  if (!layout.seen) return unseen(layout.because);
  const decisions = ofEveryNode(
    facts,
    'volume status',
    (one) => one.status,
    (status, one) => view(facts, layout.sets, one, status),
  );
  const bricks = everyBrick(layout.sets).length;
  return combine(decisions, `${bricks} bricks and their self-heal daemons online on every node’s view`);
}

function view(
  facts: GateFacts,
  sets: readonly ReplicaSet[],
  viewer: NodeFacts,
  status: VolumeStatus,
): readonly Decision[] {
  const bricks = everyBrick(sets).flatMap((brick) => {
    const rows = status.rows.filter((one) => one.kind === 'brick' && one.name === brick);
    return row(viewer, `brick ${brick}`, rows, true);
  });
  const odd = status.rows
    .filter((one) => one.kind === 'brick' && !everyBrick(sets).some((brick) => brick === one.name))
    .map((one) => unseen(`${viewer.node} lists a brick ${one.name} that the volfile does not have`));
  return [...bricks, ...odd, ...daemons(facts, viewer, status)];
}

/** One daemon per node that holds bricks; any other that is listed must run too. */
function daemons(facts: GateFacts, viewer: NodeFacts, status: VolumeStatus): readonly Decision[] {
  const healers = status.rows.filter((one) => one.kind === 'self-heal');
  const holders = facts.nodes.flatMap((one) => {
    const holdsNone = one.localBricks.seen && one.localBricks.bricks.length === 0;
    return one.identity.seen && !holdsNone ? [{ name: one.node, uuid: one.identity.uuid }] : [];
  });
  const known = new Set(holders.map((holder) => holder.uuid));
  return [
    ...holders.flatMap((holder) =>
      row(
        viewer,
        `self-heal daemon of ${holder.name}`,
        healers.filter((one) => one.uuid === holder.uuid),
        false,
      ),
    ),
    ...healers
      .filter((one) => !known.has(one.uuid) && !one.online)
      .map((one) => held(`${viewer.node} says that the self-heal daemon of node ${one.uuid} is not online`)),
  ];
}

function row(
  viewer: NodeFacts,
  what: string,
  rows: readonly StatusRow[],
  port: boolean,
): readonly Decision[] {
  const [only] = rows;
  if (only === undefined)
    return [
      unseen(
        `${viewer.node} has no row for the ${what}: its node does not answer${port ? '' : ', or self-heal is off'}`,
      ),
    ];
  if (rows.length > 1) return [unseen(`${viewer.node} has ${rows.length} rows for the ${what}`)];
  if (!only.online) return [held(`${viewer.node} says that the ${what} is not online`)];
  if (only.pid === undefined || (port && only.port === undefined)) {
    return [
      unseen(`${viewer.node} says that the ${what} is online, but without ${port ? 'port or pid' : 'pid'}`),
    ];
  }
  return [open('')];
}
