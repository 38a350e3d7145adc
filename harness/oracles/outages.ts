/** Interruptions of a service, from probes: what they prove, and what they leave open. */
import type { Span } from './frame.ts';
import type { Samples } from './samples.ts';

/** States of the samples. */
export const OK = 0;
export const FAILED = 1;

export interface Outage {
  /** When the first probe of it failed, and the last. */
  readonly fromMs: number;
  readonly toMs: number;
  /** When the service answered again for good; undefined when it did not within the window. */
  readonly overMs: number | undefined;
  /** Proven: probes failed all this time. */
  readonly atLeastMs: number;
  /** It can't have been longer: the service answered before and after. Infinity when it did not come back while somebody watched. */
  readonly atMostMs: number;
  /** First failed probe, last failed probe, first answered one after it. */
  readonly seqs: readonly [number, number, ...number[]];
}

export interface Watch {
  readonly outages: readonly Outage[];
  /** Spans between answered probes in which nobody looked, longest first to find: only those longer than the limit. */
  readonly unwatched: readonly Span[];
  readonly looked: number;
}

/** An outage is over when the service has answered for this long: one lucky probe among failed ones ends nothing. */
const CALM_MS = 1000;

/** Traffic is stopped at the end of the window, and may be so for the last probes in it. */
const STOPPING_MS = 1000;

/** One pass over one prober's samples of one target. `sightMs`: probes further apart than this prove nothing between them. */
class Watcher {
  readonly outages: Outage[] = [];
  readonly unwatched: Span[] = [];
  looked = 0;
  readonly #window: Span;
  readonly #limitMs: number;
  readonly #sightMs: number;
  #lastMs: number;
  #lastOkMs: number;
  #begin: { ms: number; seq: number; okMs: number } | undefined;
  #runMs = 0;
  #longestMs = 0;
  #failed = { ms: 0, seq: 0 };
  #ok: { ms: number; seq: number } | undefined;

  constructor(window: Span, limitMs: number, sightMs: number) {
    this.#window = window;
    this.#limitMs = limitMs;
    this.#sightMs = sightMs;
    this.#lastMs = window.fromMs;
    this.#lastOkMs = window.fromMs;
  }

  see(atMs: number, state: number, seq: number): void {
    if (atMs < this.#window.fromMs || atMs > this.#window.toMs) return;
    this.looked += 1;
    this.#watchGap(atMs);
    if (state === OK) this.#answered(atMs, seq);
    else this.#unanswered(atMs, seq);
    this.#lastMs = atMs;
  }

  end(): void {
    this.#watchGap(this.#window.toMs);
    this.#close();
  }

  /** Nobody looked since the last probe: only a doubt when more than the limit could hide in it. */
  #watchGap(atMs: number): void {
    if (atMs - this.#lastMs > this.#limitMs) this.unwatched.push({ fromMs: this.#lastMs, toMs: atMs });
  }

  #answered(atMs: number, seq: number): void {
    if (this.#begin !== undefined) {
      this.#ok ??= { ms: atMs, seq };
      if (atMs - this.#ok.ms >= CALM_MS) this.#close();
    }
    this.#lastOkMs = atMs;
  }

  #unanswered(atMs: number, seq: number): void {
    // What lies behind a blind gap is a new run: the service may have been well in between.
    if (this.#begin === undefined) {
      this.#begin = { ms: atMs, seq, okMs: this.#lastOkMs };
      this.#runMs = atMs;
      this.#longestMs = 0;
    } else if (atMs - this.#lastMs > this.#sightMs) this.#runMs = atMs;
    this.#ok = undefined;
    this.#failed = { ms: atMs, seq };
    this.#longestMs = Math.max(this.#longestMs, atMs - this.#runMs);
  }

  #close(): void {
    const begin = this.#begin;
    if (begin === undefined) return;
    const ok = this.#ok;
    this.outages.push({
      fromMs: begin.ms,
      toMs: this.#failed.ms,
      overMs: ok?.ms,
      atLeastMs: this.#longestMs,
      atMostMs: this.#atMostMs(begin, ok),
      seqs: [begin.seq, this.#failed.seq, ...(ok === undefined ? [] : [ok.seq])],
    });
    this.#begin = undefined;
    this.#ok = undefined;
  }

  #atMostMs(
    begin: { readonly ms: number; readonly okMs: number },
    ok: { readonly ms: number } | undefined,
  ): number {
    if (ok !== undefined) return ok.ms - begin.okMs;
    const { toMs } = this.#window;
    return toMs - begin.ms > STOPPING_MS ? Infinity : toMs - begin.okMs;
  }
}

export function watch(
  samples: Samples,
  window: Span,
  { limitMs, sightMs }: { readonly limitMs: number; readonly sightMs: number },
): Watch {
  const watcher = new Watcher(window, limitMs, sightMs);
  samples.each((atMs, state, seq) => watcher.see(atMs, state, seq));
  watcher.end();
  const { outages, unwatched, looked } = watcher;
  return { outages, unwatched, looked };
}
