import { everyLook, factsOf, ofEveryNode } from '../condition.ts';
import type { Condition, Question } from '../condition.ts';
import { combine, open, refused, unseen } from '../decision.ts';
import type { Decision } from '../decision.ts';
import type { GateFacts, NodeFacts, VolumeInfo } from '../facts.ts';

/** Server quorum kills healthy bricks when too many glusterds are away. */
export const serverQuorumMargin: Condition = {
  code: 'E2',
  name: 'server-quorum-margin',
  section: 'E',
  checks:
    'without the node, enough glusterds are connected on every other node’s view (only where server quorum is used)',
  why: 'on loss glusterd kills its own healthy bricks (glusterd-server-quorum.c)',
  wouldHavePrevented:
    'a reboot while another node’s glusterd was being upgraded: all bricks of the volume stopped',
  needs: 'full',
  decide: everyLook(judge),
};

function judge(facts: GateFacts, question: Question): Decision {
  const found = factsOf(facts, question.node);
  if (!found.seen) return unseen(found.because);
  const gone = found.of.identity;
  if (!gone.seen) return unseen(`who ${question.node} is was not seen: ${gone.because}`);
  const decisions = ofEveryNode(
    facts,
    'volume info',
    (one) => one.info,
    (info, one) => (one.node === question.node ? [open('')] : [view(info, one, question, gone.uuid)]),
  );
  return combine(decisions, `server quorum stays without ${question.node}, or is not used`);
}

function view(info: VolumeInfo, one: NodeFacts, question: Question, gone: string): Decision {
  if (info.options['cluster.server-quorum-type'] !== 'server') return open('');
  if (!one.peers.seen) return unseen(`peer status of ${one.node} was not seen: ${one.peers.because}`);
  const nodes = one.peers.peers.length + 1;
  const left = 1 + one.peers.peers.filter((peer) => peer.connected && peer.uuid !== gone).length;
  const needs = needed(nodes, info.options['cluster.server-quorum-ratio']);
  if (needs === undefined) {
    return unseen(
      `cluster.server-quorum-ratio is "${info.options['cluster.server-quorum-ratio']}", not a percentage`,
    );
  }
  if (left >= needs) return open('');
  const because = `${one.node} would see ${left} of ${nodes} glusterds without ${question.node}, server quorum needs ${needs}`;
  return refused([because], 'Bring the other glusterds back first.', nodes - 1 >= needs);
}

/** `floor(n/2)+1`, or the ratio rounded up (glusterd-server-quorum.c `glusterd_get_quorum_cluster_counts`). */
function needed(nodes: number, ratio: string | undefined): number | undefined {
  if (ratio === undefined) return Math.floor(nodes / 2) + 1;
  const percent = /^(\d+(?:\.\d+)?)%?$/.exec(ratio)?.[1];
  return percent === undefined ? undefined : Math.ceil((nodes * Number(percent)) / 100);
}
