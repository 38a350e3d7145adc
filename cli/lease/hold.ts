/** Keeps a lease while somebody waits: a heartbeat every third of its time to live. */
import { renewLease } from '../../lab/on-site.ts';
import type { LeaseOutcome, LeaseWish } from '../../lab/on-site.ts';
import type { Clock, Shell } from '../../harness/index.ts';

export interface Held extends AsyncDisposable {
  /** Set when the lease is gone: somebody else has it, or no majority answered for too long. */
  readonly lost: string | undefined;
}

export interface HoldOptions {
  readonly shells: readonly Shell[];
  readonly wish: LeaseWish;
  readonly clock: Clock;
  /** Called once when the lease is lost. */
  readonly onLost: (because: string) => void;
  readonly renew?: (shells: readonly Shell[], wish: LeaseWish) => Promise<LeaseOutcome>;
}

/** The lease was just taken. Disposing ends the heartbeat; it does not give the lease back. */
export function holdLease({ shells, wish, clock, onLost, renew = renewLease }: HoldOptions): Held {
  const stop = new AbortController();
  const ttlMs = wish.ttlSeconds * 1000;
  let lost: string | undefined;
  const beat = async (): Promise<void> => {
    // Counted from before the question: the nodes begin to count later.
    let sureUntil = clock.epochMs() + ttlMs;
    for (;;) {
      await clock.pause(ttlMs / 3, stop.signal);
      if (stop.signal.aborted) return;
      const asked = clock.epochMs();
      const said = await renew(shells, wish);
      if (said.kind === 'taken') sureUntil = asked + ttlMs;
      else if (said.kind === 'held') lost = `${said.by.owner} has the lease now, for ${said.by.node}`;
      else if (clock.epochMs() + ttlMs / 3 >= sureUntil)
        lost = `the lease could not be renewed: ${said.kind === 'unknown' ? said.because : 'it is gone'}`;
      if (lost !== undefined) return onLost(lost);
    }
  };
  const beating = beat();
  return {
    get lost() {
      return lost;
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await beating;
    },
  };
}
