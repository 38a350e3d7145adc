import { everyLook } from '../condition.ts';
import type { Condition } from '../condition.ts';
import { combine, held, open, unseen } from '../decision.ts';
import type { Decision } from '../decision.ts';
import type { GateFacts, NodeFacts } from '../facts.ts';
import { everyBrick, setsOf } from '../layout.ts';
import { endsAt, isStuck, servedBy, STATE_NAME } from '../processes.ts';

/** By sockets and not by a state dump: SIGUSR1 makes the daemon write a file, and a daemon that is stuck would not even do that. */
export const healersConnected: Condition = {
  code: 'C1',
  name: 'healers-connected',
  section: 'C',
  topic: 'bricks',
  checks:
    'on every node that holds bricks one self-heal daemon runs, is not stopped, and has a TCP connection to every brick of the volume',
  why: '`volume status` shows the daemon as online while it is stopped, or has lost a brick: then nothing heals there, and no table tells',
  wouldHavePrevented:
    'waiting for ever for a heal, or taking an empty index of a daemon that no longer crawls for health',
  needs: 'fast',
  asks: ['processes'],
  decide: everyLook(judge),
};

function judge(facts: GateFacts): Decision {
  const layout = setsOf(facts);
  if (!layout.seen) return unseen(layout.because);
  const bricks = everyBrick(layout.sets);
  const served = bricks.map((brick) => servedBy(facts, brick));
  const decisions = facts.nodes.flatMap((one): readonly Decision[] => {
    if (!one.localBricks.seen)
      return [unseen(`which bricks ${one.node} holds was not seen: ${one.localBricks.because}`)];
    return one.localBricks.bricks.length === 0 ? [] : healer(one, served);
  });
  return combine(decisions, `self-heal daemons connected to ${bricks.length} bricks each`);
}

function healer(one: NodeFacts, bricks: readonly ReturnType<typeof servedBy>[]): readonly Decision[] {
  const { processes } = one.extra;
  if (!processes.seen) return [unseen(`the processes of ${one.node} were not seen: ${processes.because}`)];
  const healers = processes.list.filter((process) => process.kind === 'self-heal');
  const [daemon] = healers;
  if (daemon === undefined) return [held(`no self-heal daemon runs on ${one.node}`)];
  if (healers.length > 1) return [held(`${healers.length} self-heal daemons run on ${one.node}`)];
  if (isStuck(daemon)) {
    const state = STATE_NAME[daemon.state] ?? daemon.state;
    return [held(`the self-heal daemon of ${one.node} is ${state} (pid ${daemon.pid}): nothing heals there`)];
  }
  return bricks.map((brick): Decision => {
    if (!brick.seen) return brick.decision;
    const connected = daemon.connections.some((connection) => endsAt(connection, one, brick.served));
    return connected
      ? open('')
      : held(`the self-heal daemon of ${one.node} is not connected to brick ${brick.served.brick}`);
  });
}
