/** Keeps a lease while somebody waits: a heartbeat every third of its time to live. */
import { keepLease, renewLease } from '../../lab/on-site.ts';
import type { LeaseOutcome, LeaseWish } from '../../lab/on-site.ts';
import type { Clock, Shell } from '../../harness/index.ts';
import { spoken } from '../duration.ts';

/** `leftMs`: for how long it is surely ours, by our own clock. */
export type Kept =
  | { readonly kind: 'kept'; readonly leftMs: number }
  | { readonly kind: 'lost'; readonly because: string };

export interface Held extends AsyncDisposable {
  /** Set when the lease is gone: somebody else has it, or no majority answered for too long. */
  readonly lost: string | undefined;
  /** Ends the heartbeat with a last one. Only what it answers may be acted on: the last but one may be a third of the time old. */
  keep(): Promise<Kept>;
}

type Renew = (shells: readonly Shell[], wish: LeaseWish, withinMs: number) => Promise<LeaseOutcome>;

export interface HoldOptions {
  readonly shells: readonly Shell[];
  readonly wish: LeaseWish;
  readonly clock: Clock;
  /** When the lease was asked for: the nodes began to count later, so it is never over before it is thought to be. */
  readonly askedAtMs: number;
  /** Called once when the lease is lost. */
  readonly onLost: (because: string) => void;
  readonly renew?: Renew;
  readonly last?: Renew;
}

/** The lease was just taken. Disposing ends the heartbeat; it does not give the lease back. */
export function holdLease(options: HoldOptions): Held {
  const { wish, clock, onLost, renew = renewLease, last = keepLease } = options;
  const stop = new AbortController();
  const ttlMs = wish.ttlSeconds * 1000;
  let sureUntil = options.askedAtMs + ttlMs;
  let lost: string | undefined;
  /** That it is lost is told in time, also when no answer comes; the question is waited for afterwards: nothing is left running. */
  let asking: Promise<unknown> = Promise.resolve();

  const ask = async (how: Renew): Promise<LeaseOutcome> => {
    const askedAt = clock.epochMs();
    const leftMs = sureUntil - askedAt;
    if (leftMs <= 0) return { kind: 'unknown', because: 'its time was over before it was renewed' };
    const answered = new AbortController();
    const answer = how(options.shells, wish, leftMs);
    asking = answer;
    const because = `no answer within the ${spoken(leftMs)} that were left of it`;
    const late = clock
      .pause(leftMs, answered.signal)
      .then((): LeaseOutcome => ({ kind: 'unknown', because }));
    const said = await Promise.race([answer, late]);
    answered.abort();
    if (said.kind === 'taken') sureUntil = askedAt + ttlMs;
    return said;
  };
  const beat = async (): Promise<void> => {
    for (;;) {
      await clock.pause(ttlMs / 3, stop.signal);
      if (stop.signal.aborted) return;
      const said = await ask(renew);
      if (said.kind === 'held' || (said.kind !== 'taken' && clock.epochMs() + ttlMs / 3 >= sureUntil))
        lost = sentence(said);
      if (lost !== undefined) return onLost(lost);
    }
  };
  const beating = beat();
  const end = async (): Promise<void> => {
    stop.abort();
    await beating;
    await asking;
  };
  return {
    get lost() {
      return lost;
    },
    keep: async () => {
      await end();
      if (lost !== undefined) return { kind: 'lost', because: lost };
      const said = await ask(last);
      const leftMs = sureUntil - clock.epochMs();
      if (said.kind === 'taken' && leftMs > 0) return { kind: 'kept', leftMs };
      lost = sentence(said);
      return { kind: 'lost', because: lost };
    },
    [Symbol.asyncDispose]: end,
  };
}

const sentence = (said: LeaseOutcome): string =>
  said.kind === 'held'
    ? `${said.by.owner} has the lease now, for ${said.by.node}`
    : `the lease could not be renewed: ${said.kind === 'unknown' ? said.because : 'it is gone'}`;
