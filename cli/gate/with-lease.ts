/** `gate --lease`: taken before the first look, kept while waiting, given back unless the gate opens. */
import type { NodeName } from '../../harness/index.ts';
import { newToken, realClock, releaseLease, takeLease } from '../../lab/on-site.ts';
import type { LeaseOutcome, LeaseWish, Site } from '../../lab/on-site.ts';
import type { Out } from '../out.ts';
import { spoken } from '../duration.ts';
import { heldSentence, holdLease, releaseLine } from '../lease/index.ts';
import type { SiteWords } from '../site/index.ts';
import { UNKNOWN } from './codes.ts';

export interface LeaseOfGate extends AsyncDisposable {
  /** Why there is none. */
  readonly refused: LeaseOutcome | undefined;
  readonly lost: string | undefined;
  /** Aborts on Ctrl-C and when the lease is lost. */
  readonly signal: AbortSignal;
  /** The gate opened: the lease outlives this process, for its time to live. */
  readonly keep: () => Promise<void>;
  readonly told: string;
}

export async function leaseFor(
  { owner, leaseTtl, ...words }: SiteWords & { readonly owner: string; readonly leaseTtl: number },
  site: Site,
  node: NodeName,
  signal: AbortSignal,
): Promise<LeaseOfGate> {
  const shells = site.shells();
  const wish: LeaseWish = { owner, node, ttlSeconds: leaseTtl / 1000, token: newToken() };
  const taken = await takeLease(shells, wish);
  const stop = new AbortController();
  const told = `  lease  ${owner} has it for ${node}, for ${spoken(leaseTtl)}. Afterwards: ${releaseLine(owner, words)}`;
  if (taken.kind !== 'taken') {
    const nothing = () => Promise.resolve();
    return { refused: taken, lost: undefined, signal, keep: nothing, told, [Symbol.asyncDispose]: nothing };
  }
  const held = holdLease({ shells, wish, clock: realClock, onLost: () => stop.abort() });
  let keeping = false;
  return {
    refused: undefined,
    get lost() {
      return held.lost;
    },
    signal: AbortSignal.any([signal, stop.signal]),
    keep: async () => {
      keeping = true;
      await held[Symbol.asyncDispose]();
    },
    told,
    [Symbol.asyncDispose]: async () => {
      await held[Symbol.asyncDispose]();
      if (!keeping) await releaseLease(shells, { token: wish.token });
    },
  };
}

export function refusedByLease(
  outcome: LeaseOutcome,
  { json, ...words }: SiteWords & { readonly json: boolean },
  out: Out,
): number {
  if (outcome.kind === 'held') {
    const { owner, node, ageSeconds, ttlSeconds } = outcome.by;
    const why = heldSentence(outcome.by, words);
    if (json)
      out.line(
        JSON.stringify(
          { verdict: 'held', exitCode: 1, lease: { owner, node, ageSeconds, ttlSeconds }, sentences: [why] },
          null,
          2,
        ),
      );
    else out.line(`HELD     ${why}`);
    return 1;
  }
  throw new Error(
    `the lease could not be had: ${outcome.kind === 'unknown' ? outcome.because : 'no node keeps it'} (exit code ${UNKNOWN})`,
  );
}
