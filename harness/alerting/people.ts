/** People who can be paged, as models with a clock. */
import type { DailySpan, SiteSeconds } from './site-time.ts';
import { within } from './site-time.ts';

/** How a message reaches a person. Email never wakes anybody, so it has no chance to. */
export type Channel = 'email' | 'push' | 'sms' | 'call';
export type LoudChannel = Exclude<Channel, 'email'>;

/** One chance for each message, or that of the first, the second, ...; the last one holds for all that follow. */
export type Chance = number | readonly [number, ...number[]];

export interface Person {
  readonly name: string;
  /** Undefined: on shift, awake all night. */
  readonly sleeps: DailySpan | undefined;
  /** Chance that a message of this kind wakes the sleeper, 0 to 1. Each message is drawn for itself. */
  readonly wakes: Readonly<Record<LoudChannel, Chance>>;
  /** From being woken to having read and acknowledged. */
  readonly wakesUpInSeconds: number;
  /** From getting up by oneself to having read what came in the night. */
  readonly readsInTheMorningSeconds: number;
  /** From a message to its acknowledgement while awake. */
  readonly answersInSeconds: Readonly<Record<Channel, number>>;
  /** Times of the day at which the person can't leave for the data center, each with the reason. */
  readonly heldUp: readonly (DailySpan & { readonly by: string })[];
  /** To the data center, packing included. Undefined: can't go there at all. */
  readonly travelSeconds: number | undefined;
  /** From the acknowledgement to a shell, when there is a way in from afar. */
  readonly connectsInSeconds: number;
}

export const asleep = (person: Person, time: SiteSeconds): boolean =>
  person.sleeps !== undefined && within(person.sleeps, time);

/** Chance of the `nth` message of a kind, counted from 1. */
export const chanceOf = (chance: Chance, nth: number): number =>
  typeof chance === 'number' ? chance : (chance[Math.min(nth, chance.length) - 1] ?? chance[0]);

/** Numbers in [0, 1), one at a time. The same seed gives the same night. */
export type Draw = () => number;

/** A small generator with 32 bits of state (mulberry32): good enough for whether a phone wakes somebody. */
export function seeded(seed: number): Draw {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
