import { everyLook, newest, ofNodes } from '../condition.ts';
import type { Condition } from '../condition.ts';
import { combine, held, open, passing, unseen } from '../decision.ts';
import type { Decision } from '../decision.ts';
import type { GateFacts } from '../facts.ts';
import { inEveryLook } from '../lasting.ts';
import type { Findings } from '../lasting.ts';
import { everyBrick, setsOf } from '../layout.ts';
import { servedBy } from '../processes.ts';
import { nodeOfBrick } from '../../model/names.ts';

/** A TCP handshake within a storage network takes a millisecond; a lost packet costs one second more. */
const SLOWEST_MS = 1000;

/** Connections that stand prove nothing for the next one. */
export const bricksReachable: Condition = {
  code: 'C5',
  name: 'bricks-reachable',
  section: 'C',
  topic: 'bricks',
  checks: `every node can open a new TCP connection to every brick’s port, and not in every look of the window takes it more than ${SLOWEST_MS} ms`,
  why: 'since version 10 bricks get a random port at each start: a firewall with a fixed range lets old connections live and refuses new ones',
  wouldHavePrevented:
    'a node that came back and could not reach the bricks of the others, while nobody noticed before the next reboot',
  needs: 'fast',
  asks: ['processes', 'reach'],
  decide: (window, question) =>
    combine(
      [everyLook(judge)(window, question), ...inEveryLook(window, slow).map((text) => passing(text))],
      `bricks reachable from ${newest(window).nodes.length} nodes`,
    ),
};

function judge(facts: GateFacts): Decision {
  const layout = setsOf(facts);
  if (!layout.seen) return unseen(layout.because);
  const bricks = everyBrick(layout.sets);
  const ports = bricks.map((brick) => ({ brick, served: servedBy(facts, brick) }));
  const decisions = ofNodes(facts, 'reach', 'which bricks it can reach', ({ tried }, one) =>
    ports.map(({ brick, served }): Decision => {
      if (!served.seen) return served.decision;
      const host = nodeOfBrick(brick);
      const found = tried.filter(
        (attempt) => attempt.host === host && served.served.process.listens.includes(attempt.port),
      );
      if (found.length === 0) return unseen(`${one.node} did not try to reach brick ${brick}`);
      const reached = found.find((attempt) => attempt.ok);
      if (reached === undefined) return held(`${one.node} can open no new connection to brick ${brick}`);
      return open('');
    }),
  );
  return combine(decisions, `${bricks.length} bricks reachable from ${facts.nodes.length} nodes`);
}

/** One look may come upon a node that is busy; a network that loses packets does so in every look. */
function slow(facts: GateFacts): Findings {
  return new Map(
    facts.nodes.flatMap((one) =>
      (one.extra.reach.seen ? one.extra.reach.tried : [])
        .filter((attempt) => attempt.ok && attempt.tookMs > SLOWEST_MS)
        .map(({ host, tookMs }) => [
          `${one.node} ${host}`,
          `a new connection from ${one.node} to the brick of ${host} took ${tookMs} ms`,
        ]),
    ),
  );
}
