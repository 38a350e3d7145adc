/**
 * Samples of a stream, in typed arrays. Streams are sampled and their events may come late: a probe is recorded when it
 * was answered but stamped when it was sent, so a failed one comes a second after its neighbours. Hence sorted by time.
 */

/** Insertion moves that are still cheaper than a general sort, per sample. */
const MOVES_PER_SAMPLE = 64;

export class Samples {
  #at = new Float64Array(1024);
  #state = new Int32Array(1024);
  #seq = new Float64Array(1024);
  #length = 0;
  #sorted = true;

  get length(): number {
    return this.#length;
  }

  push(atMs: number, state: number, seq: number): void {
    const n = this.#length;
    if (n === this.#at.length) this.#grow();
    if (n > 0 && this.#sorted) this.#sorted = !this.#less(atMs, state, n - 1);
    this.#at[n] = atMs;
    this.#state[n] = state;
    this.#seq[n] = seq;
    this.#length = n + 1;
  }

  /** Calls `see` in order of time; equal times in order of state, so that the order of arrival does not matter. */
  each(see: (atMs: number, state: number, seq: number) => void): void {
    this.#sort();
    for (let i = 0; i < this.#length; i += 1)
      see(this.#at[i] as number, this.#state[i] as number, this.#seq[i] as number);
  }

  /** The last sample at or before `atMs`. */
  before(atMs: number): { readonly atMs: number; readonly state: number; readonly seq: number } | undefined {
    return this.#get(this.#after(atMs) - 1);
  }

  /** The first sample after `atMs`. */
  after(atMs: number): { readonly atMs: number; readonly state: number; readonly seq: number } | undefined {
    return this.#get(this.#after(atMs));
  }

  #get(i: number) {
    return i < 0 || i >= this.#length
      ? undefined
      : { atMs: this.#at[i] as number, state: this.#state[i] as number, seq: this.#seq[i] as number };
  }

  /** Index of the first sample later than `atMs`. */
  #after(atMs: number): number {
    this.#sort();
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#at[middle] as number) <= atMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #less(atMs: number, state: number, than: number): boolean {
    const other = this.#at[than] as number;
    return atMs < other || (atMs === other && state < (this.#state[than] as number));
  }

  #grow(): void {
    const size = this.#at.length * 2;
    const at = new Float64Array(size);
    const state = new Int32Array(size);
    const seq = new Float64Array(size);
    at.set(this.#at);
    state.set(this.#state);
    seq.set(this.#seq);
    [this.#at, this.#state, this.#seq] = [at, state, seq];
  }

  #sort(): void {
    if (this.#sorted) return;
    if (!this.#insertionSort(this.#length * MOVES_PER_SAMPLE)) this.#generalSort();
    this.#sorted = true;
  }

  /** Linear for streams that are nearly in order; false when the moves are used up. */
  #insertionSort(moves: number): boolean {
    const [ats, states, seqs] = [this.#at, this.#state, this.#seq];
    let left = moves;
    for (let i = 1; i < this.#length; i += 1) {
      const [at, state, seq] = [ats[i] as number, states[i] as number, seqs[i] as number];
      let to = i;
      while (to > 0 && left > 0 && this.#less(at, state, to - 1)) {
        ats[to] = ats[to - 1] as number;
        states[to] = states[to - 1] as number;
        seqs[to] = seqs[to - 1] as number;
        to -= 1;
        left -= 1;
      }
      [ats[to], states[to], seqs[to]] = [at, state, seq];
      if (left === 0) return false;
    }
    return true;
  }

  #generalSort(): void {
    const order = Array.from({ length: this.#length }, (_, i) => i).sort(
      (a, b) =>
        (this.#at[a] as number) - (this.#at[b] as number) ||
        (this.#state[a] as number) - (this.#state[b] as number),
    );
    const [at, state, seq] = [this.#at.slice(), this.#state.slice(), this.#seq.slice()];
    order.forEach((from, to) => {
      this.#at[to] = at[from] as number;
      this.#state[to] = state[from] as number;
      this.#seq[to] = seq[from] as number;
    });
  }
}
