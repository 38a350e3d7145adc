/** An answer with everything that is printed about it. */
import { CONDITIONS } from '../../harness/index.ts';
import type { Condition, Ended, Gate, NodeName, Waiver } from '../../harness/index.ts';
import type { FoundVolume } from '../../lab/on-site.ts';

export interface Asked {
  readonly node: NodeName;
  readonly volume: FoundVolume;
  readonly gate: Gate;
  readonly waivers: readonly Waiver[];
  readonly ended: Ended;
  readonly exitCode: number;
  /** Without a decrease for so long a heal counts as stalled, milliseconds. */
  readonly stallMs: number;
}

/** Conditions that were not judged. */
export const notJudged = (gate: Gate): readonly Condition[] =>
  CONDITIONS.filter((one) => !gate.conditions.includes(one));
