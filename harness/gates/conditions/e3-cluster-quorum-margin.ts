import { everyLook, factsOf, hypervisors, noHypervisor, ofNodes } from '../condition.ts';
import type { Condition, Question } from '../condition.ts';
import { combine, held, open, refused, unseen } from '../decision.ts';
import type { Decision } from '../decision.ts';
import type { GateFacts } from '../facts.ts';

/** The hypervisors' own cluster, counted in votes. */
export const clusterQuorumMargin: Condition = {
  code: 'E3',
  name: 'cluster-quorum-margin',
  section: 'E',
  checks:
    'by every other node’s `pvecm status` the cluster is quorate, and stays so without the node’s votes',
  why: 'without quorum /etc/pve is read-only: no guest can be started elsewhere, and nodes with HA fence themselves',
  wouldHavePrevented: 'all guests cut off at once because the second of three hypervisors went down',
  needs: 'full',
  asks: ['cluster'],
  decide: everyLook(judge),
};

/** A node that is no hypervisor may be where their QDevice votes: that vote goes with it. */
const ELSEWHERE = { seen: true, ownVotes: 1 } as const;

function judge(facts: GateFacts, question: Question): Decision {
  const found = factsOf(facts, question.node);
  if (!found.seen) return unseen(found.because);
  const none = noHypervisor(facts, question);
  if (none !== undefined) return none;
  const voters = hypervisors(facts, question);
  const own = voters.includes(found.of) ? found.of.extra.cluster : ELSEWHERE;
  if (!own.seen) return unseen(`pvecm status of ${question.node} was not seen: ${own.because}`);
  const others = voters.filter((one) => one.node !== question.node);
  const decisions = ofNodes(
    facts,
    'cluster',
    'pvecm status',
    (cluster, one): readonly Decision[] => {
      if (!cluster.quorate)
        return [
          refused(
            [`${one.node} says that the cluster is not quorate`],
            'Bring the missing nodes back first.',
            true,
          ),
        ];
      const left = cluster.totalVotes - own.ownVotes;
      if (left >= cluster.quorum) return [open('')];
      const because = `${one.node} counts ${cluster.totalVotes} of ${cluster.expectedVotes} votes: ${left} without ${question.node}, quorum needs ${cluster.quorum}`;
      return [
        refused(
          [because],
          'Bring the missing nodes back first.',
          cluster.expectedVotes - own.ownVotes >= cluster.quorum,
        ),
      ];
    },
    others,
  );
  const less = new Set(
    others.flatMap((one) => (one.extra.cluster.seen ? [one.extra.cluster.totalVotes] : [])),
  );
  return combine(
    less.size > 1 ? [...decisions, held(`nodes count different votes: ${[...less].join(', ')}`)] : decisions,
    `quorate without ${question.node}, on ${others.length} nodes’ view`,
  );
}
