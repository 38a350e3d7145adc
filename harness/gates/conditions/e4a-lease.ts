import { newest } from '../condition.ts';
import type { Condition } from '../condition.ts';
import { held, open, unseen } from '../decision.ts';

/** Two operators, or two automations, never take two nodes down at once. */
export const leaseFree: Condition = {
  code: 'E4a',
  name: 'lease-free',
  section: 'E',
  checks: 'nobody else holds the cluster’s maintenance lease',
  why: 'two gates asked at the same moment for two nodes both see a whole cluster, and both say go',
  wouldHavePrevented: 'the second of two operators taking a second node down in the same minute',
  needs: 'full',
  asks: ['lease'],
  decide: (window, question) => {
    const facts = newest(window);
    const { lease } = facts.surroundings;
    if (!lease.seen) return unseen(`the lease was not seen: ${lease.because}`);
    const { holder } = lease;
    if (holder === undefined) return open('nobody holds the lease');
    if (holder.own && holder.node === question.node)
      return open(`the lease for ${question.node} is held by whoever asks`);
    const left = Math.max(0, Math.round((holder.expiresAtMs - facts.atMs) / 1000));
    return held(
      `${holder.owner} holds the lease for ${holder.node}, for another ${left} s unless it is renewed`,
    );
  },
};
