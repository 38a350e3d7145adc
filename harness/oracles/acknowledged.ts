/**
 * The ledger of one router: which records must be on its disk. Numbers ascend; a router that comes up with an older disk
 * counts on from there, so a number that comes again, later in the guest's time, proves that its first life is gone.
 */
import type { Range } from '../model/facts.ts';

/** Slots of the journal ring in the guest; record n+65,536 takes the place of record n. */
export const RING = 65_536;
/** Lines of two serial logs may cross when a router migrates: so many records back a late one is put in its place. */
const MOST_LATE = 4096;

/** Acknowledged records from `first` to `last` (not every number between them need be one), with their events. */
export interface Stretch {
  readonly first: number;
  readonly last: number;
  readonly count: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly seqs: readonly [number, number];
}

export class Ledger {
  #record = new Float64Array(1024);
  #at = new Float64Array(1024);
  #guest = new Float64Array(1024);
  #seq = new Float64Array(1024);
  #length = 0;
  #rebooted = false;
  /** Late lines that could not be put in their place. */
  misplaced = 0;

  get length(): number {
    return this.#length;
  }

  /** The highest record that must be there; 0 when there is none. */
  get top(): number {
    return this.#length === 0 ? 0 : (this.#record[this.#length - 1] as number);
  }

  /** Answers what this acknowledgement proves to be gone. */
  acknowledge(record: number, guestMs: number, atMs: number, seq: number): Stretch | undefined {
    const top = this.#length - 1;
    if (top < 0 || record > this.top) {
      this.#put(this.#length, record, guestMs, atMs, seq);
      this.#rebooted = false;
      return undefined;
    }
    const later = guestMs > (this.#guest[top] as number);
    // The newest record again is a retry of what follows it, unless the guest has come up anew in between.
    const again = record < this.top ? later || this.#rebooted : this.#rebooted && later;
    if (!again) {
      this.#placeLate(record, guestMs, atMs, seq);
      return undefined;
    }
    const gone = this.#cut(record);
    this.#put(this.#length, record, guestMs, atMs, seq);
    this.#rebooted = false;
    return gone;
  }

  /** The guest came up and found `last` as its newest record (undefined: it did not say). Answers what is gone. */
  cameUp(last: number | undefined): Stretch | undefined {
    this.#rebooted = true;
    return last === undefined || last >= this.top ? undefined : this.#cut(last + 1);
  }

  /** How many records were acknowledged at or before a moment. */
  until(atMs: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#at[middle] as number) <= atMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * What of the first `upTo` records a copy with these ranges lacks. Records whose slot was written again since are not
   * missed; `highest` is the newest number on that copy, and one more may have been in flight.
   */
  missing(ranges: readonly Range[], upTo: number): readonly Stretch[] {
    const newest = Math.max(upTo === 0 ? 0 : (this.#record[upTo - 1] as number), ranges.at(-1)?.[1] ?? 0);
    const stretches: Stretch[] = [];
    let range = 0;
    let from = -1;
    const close = (to: number) => {
      if (from >= 0) stretches.push(this.#stretch(from, to));
      from = -1;
    };
    for (let i = this.#indexOf(newest + 2 - RING, upTo); i < upTo; i += 1) {
      const record = this.#record[i] as number;
      while (range < ranges.length && (ranges[range]?.[1] ?? 0) < record) range += 1;
      if ((ranges[range]?.[0] ?? Infinity) <= record) close(i);
      else if (from < 0) from = i;
    }
    close(upTo);
    return stretches;
  }

  /** First index below `upTo` whose record is at least `record`. */
  #indexOf(record: number, upTo: number): number {
    let low = 0;
    let high = upTo;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#record[middle] as number) < record) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #stretch(from: number, to: number): Stretch {
    return {
      first: this.#record[from] as number,
      last: this.#record[to - 1] as number,
      count: to - from,
      fromMs: this.#at[from] as number,
      toMs: this.#at[to - 1] as number,
      seqs: [this.#seq[from] as number, this.#seq[to - 1] as number],
    };
  }

  #cut(record: number): Stretch | undefined {
    const from = this.#indexOf(record, this.#length);
    const gone = from < this.#length ? this.#stretch(from, this.#length) : undefined;
    this.#length = from;
    return gone;
  }

  #placeLate(record: number, guestMs: number, atMs: number, seq: number): void {
    const to = this.#indexOf(record, this.#length);
    if (this.#record[to] === record) return;
    if (this.#length - to > MOST_LATE) this.misplaced += 1;
    else this.#put(to, record, guestMs, atMs, seq);
  }

  #put(to: number, record: number, guestMs: number, atMs: number, seq: number): void {
    if (this.#length === this.#record.length) this.#grow();
    const columns = [this.#record, this.#at, this.#guest, this.#seq];
    if (to < this.#length) for (const column of columns) column.copyWithin(to + 1, to, this.#length);
    // Kept ascending, so that "acknowledged until" can be found: a late line counts as early as its neighbour.
    const floor = to > 0 ? (this.#at[to - 1] as number) : -Infinity;
    const ceiling = to < this.#length ? (this.#at[to + 1] as number) : Infinity;
    this.#record[to] = record;
    this.#at[to] = Math.min(Math.max(atMs, floor), ceiling);
    this.#guest[to] = guestMs;
    this.#seq[to] = seq;
    this.#length += 1;
  }

  #grow(): void {
    const grown = (column: Float64Array<ArrayBuffer>) => {
      const larger = new Float64Array(column.length * 2);
      larger.set(column);
      return larger;
    };
    this.#record = grown(this.#record);
    this.#at = grown(this.#at);
    this.#guest = grown(this.#guest);
    this.#seq = grown(this.#seq);
  }
}

/** Numbers that are in every one of these sets of stretches: what no copy has. */
export function missingEverywhere(copies: readonly (readonly Stretch[])[]): readonly Range[] {
  const [first = [], ...rest] = copies;
  let common: readonly Range[] = first.map(({ first: from, last }): Range => [from, last]);
  for (const stretches of rest) {
    const both: Range[] = [];
    let at = 0;
    for (const [from, to] of common) {
      while (at < stretches.length && (stretches[at]?.last ?? 0) < from) at += 1;
      for (let i = at; i < stretches.length && (stretches[i]?.first ?? Infinity) <= to; i += 1)
        both.push([Math.max(from, stretches[i]?.first ?? from), Math.min(to, stretches[i]?.last ?? to)]);
    }
    common = both;
  }
  return common;
}
