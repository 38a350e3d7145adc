/** `gate --lease`: taken before the first look, kept while waiting, given back unless the gate opens. */
import type { NodeName } from '../../harness/index.ts';
import { newToken, realClock, releaseLease, takeLease } from '../../lab/on-site.ts';
import type { LeaseOutcome, LeaseWish, Site } from '../../lab/on-site.ts';
import type { Out } from '../out.ts';
import { spoken } from '../duration.ts';
import { heldSentence, holdLease, releaseLine } from '../lease/index.ts';
import type { Kept } from '../lease/index.ts';
import type { SiteWords } from '../site/index.ts';
import { UNKNOWN } from './codes.ts';

export interface LeaseOfGate extends AsyncDisposable {
  /** Why there is none. */
  readonly refused: LeaseOutcome | undefined;
  readonly lost: string | undefined;
  /** Aborts on Ctrl-C and when the lease is lost. */
  readonly signal: AbortSignal;
  /** The gate opened: the lease outlives this process. Asked once more, since nobody may be told to go on by a lease that is gone. */
  readonly keep: () => Promise<Kept>;
  /** What to say of one that was kept. */
  readonly told: (leftMs: number) => string;
}

export async function leaseFor(
  { owner, leaseTtl, ...words }: SiteWords & { readonly owner: string; readonly leaseTtl: number },
  site: Pick<Site, 'shells'>,
  node: NodeName,
  signal: AbortSignal,
): Promise<LeaseOfGate> {
  const shells = site.shells();
  const wish: LeaseWish = { owner, node, ttlSeconds: leaseTtl / 1000, token: newToken() };
  const askedAtMs = realClock.epochMs();
  const taken = await takeLease(shells, wish);
  const stop = new AbortController();
  const told = (leftMs: number): string =>
    `  lease  ${owner} has it for ${node}, for ${spoken(leftMs)}. Afterwards: ${releaseLine(owner, words)}`;
  if (taken.kind !== 'taken') {
    const nothing = () => Promise.resolve();
    const keep = () => Promise.resolve<Kept>({ kind: 'lost', because: 'it was never had' });
    return { refused: taken, lost: undefined, signal, keep, told, [Symbol.asyncDispose]: nothing };
  }
  const held = holdLease({ shells, wish, clock: realClock, askedAtMs, onLost: () => stop.abort() });
  // What the same owner had before may be what somebody acts on at this moment.
  let stays = taken.renewed === true;
  return {
    refused: undefined,
    get lost() {
      return held.lost;
    },
    signal: AbortSignal.any([signal, stop.signal]),
    keep: async () => {
      const kept = await held.keep();
      if (kept.kind === 'kept') stays = true;
      return kept;
    },
    told,
    [Symbol.asyncDispose]: async () => {
      await held[Symbol.asyncDispose]();
      if (!stays) await releaseLease(shells, { token: wish.token });
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
