/**
 * Telling a writer from a wound. Bricks are not read in the same instant: a live writer shows a file dirty, longer or just created on
 * one brick and not yet on the next. That passes; what a brick really missed is there in the next look too, on the same brick.
 */
import type { Window } from './condition.ts';
import type { GateFacts } from './facts.ts';

/** By key, what was found in one look. The key names the file and the brick, but nothing that changes with every write. */
export type Findings<T = string> = ReadonlyMap<string, T>;

type Find<T> = (facts: GateFacts) => Findings<T>;

/**
 * Findings of the newest look that the one before it has too. Looks before these two prove nothing for them: a wound may be younger than
 * the window.
 */
export const lasting = <T>(window: Window, find: Find<T>): readonly T[] => common(window.slice(-2), find);

/** Findings that every look of the window has: of what a busy machine brings about, and a bad network does always. */
export const inEveryLook = <T>(window: Window, find: Find<T>): readonly T[] => common(window, find);

function common<T>(looks: readonly GateFacts[], find: Find<T>): readonly T[] {
  const [latest, ...before] = looks.toReversed().map((facts) => find(facts));
  return [...(latest ?? [])].filter(([key]) => before.every((found) => found.has(key))).map(([, one]) => one);
}
