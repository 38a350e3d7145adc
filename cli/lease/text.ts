/** A lease in words. */
import type { Lease, LeaseOutcome } from '../../lab/on-site.ts';
import { spoken } from '../duration.ts';
import { shellLine, siteArguments } from '../site/index.ts';
import type { SiteWords } from '../site/index.ts';

export const leaseSentence = ({ owner, node, ageSeconds, ttlSeconds }: Lease): string =>
  `${owner} may take ${node} down: renewed ${spoken(ageSeconds * 1000)} ago, ends in ${spoken(Math.max(0, ttlSeconds - ageSeconds) * 1000)} unless it is renewed`;

/** Gives it back when it is typed, at the site that was asked. */
export const releaseLine = (owner: string, site: SiteWords): string =>
  shellLine(['healproof', 'lease', 'release', ...siteArguments(site), '--owner', owner]);

/** To the second one. */
export const heldSentence = (by: Lease, site: SiteWords): string =>
  `the lease is taken: ${leaseSentence(by)}. Talk to ${by.owner}; if nobody is at it any more: ${releaseLine(by.owner, site)}`;

/** Hosts whose word was not counted: the answer is sure without them, but whoever named them should know. */
export const uncountedLines = ({ uncounted }: { readonly uncounted: readonly string[] }): readonly string[] =>
  uncounted.map((one) => `       not counted: ${one}`);

export const leaseJson = (outcome: LeaseOutcome): object =>
  outcome.kind === 'held'
    ? { lease: 'held', by: plain(outcome.by) }
    : outcome.kind === 'taken'
      ? { lease: 'taken', by: plain(outcome.lease), on: outcome.on, uncounted: outcome.uncounted }
      : outcome.kind === 'free'
        ? { lease: 'free', uncounted: outcome.uncounted }
        : { lease: 'unknown', because: outcome.because };

const plain = ({ owner, node, ttlSeconds, ageSeconds }: Lease): object => ({
  owner,
  node,
  ttlSeconds,
  ageSeconds,
});
