/**
 * Telling a writer from a wound. Bricks are not read in the same instant: a live writer shows a file dirty, longer or just created on
 * one brick and not yet on the next. That passes; what a brick really missed is there in every look, on the same bricks.
 */
import type { Window } from './condition.ts';
import { newest } from './condition.ts';
import type { GateFacts } from './facts.ts';

/** By key, what was found in one look. The key names the file and the bricks, but nothing that changes with every write. */
export type Findings = ReadonlyMap<string, string>;

/** Findings of the newest look that every other look of the window has too. */
export function lasting(window: Window, find: (facts: GateFacts) => Findings): readonly string[] {
  const latest = newest(window);
  const before = window.filter((facts) => facts !== latest).map((facts) => find(facts));
  return [...find(latest)].filter(([key]) => before.every((found) => found.has(key))).map(([, text]) => text);
}
