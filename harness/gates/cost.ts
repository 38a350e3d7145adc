/** Does asking a gate cost a writer anything? Blocks with and without it, taken in turn, so that what drifts drifts for both. Pure. */

/** Latencies of one block's writes, in milliseconds. */
export interface Block {
  readonly asked: boolean;
  readonly writesMs: readonly number[];
}

export interface Cost {
  /** Over all blocks of a kind. */
  readonly p99Ms: { readonly without: number; readonly asked: number };
  readonly longestMs: { readonly without: number; readonly asked: number };
  readonly writes: { readonly without: number; readonly asked: number };
  /** Median, over the pairs of neighbours, of how much the p99 with the gate is above the p99 without it. */
  readonly differenceMs: number;
  /** What two neighbouring blocks without the gate differ by, median: nothing smaller can be told from chance. */
  readonly noiseMs: number;
  /** Pairs in which the block with the gate had the higher p99. */
  readonly slower: number;
  readonly pairs: number;
  readonly verdict: 'nothing beyond the noise' | 'costs' | 'too noisy to tell';
}

/** Fewer pairs can't tell a cost from a coin. */
const LEAST_PAIRS = 6;
/** With all but one of so many pairs slower, chance is below 5 % (binomial, 8 pairs: 3.5 %). */
const MOSTLY = 0.87;

/** `mostNoiseMs`: a noise above it hides what is looked for. Throws when the blocks do not alternate or are too few. */
export function costOf(blocks: readonly Block[], mostNoiseMs: number): Cost {
  const odd = blocks.findIndex((block, at) => block.asked !== (at % 2 === 1) || block.writesMs.length === 0);
  const pairs = Math.floor(blocks.length / 2);
  if (odd >= 0 || pairs < LEAST_PAIRS)
    throw new Error(
      `at least ${LEAST_PAIRS} pairs of blocks are needed, without and with the gate in turn, with writes in each; got ${blocks.length} blocks${odd >= 0 ? `, number ${odd} out of turn or empty` : ''}`,
    );
  const p99s = blocks.map(({ writesMs }) => percentile(writesMs, 0.99));
  const without = p99s.filter((_, at) => at % 2 === 0);
  const asked = p99s.filter((_, at) => at % 2 === 1);
  const differences = asked.map((with_, at) => with_ - (without[at] ?? 0));
  const noiseMs = median(without.slice(1).map((one, at) => Math.abs(one - (without[at] ?? 0))));
  const differenceMs = median(differences);
  const slower = differences.filter((one) => one > 0).length;
  const costs = slower / asked.length >= MOSTLY && differenceMs > noiseMs;
  return {
    p99Ms: both(blocks, (writes) => percentile(writes, 0.99)),
    longestMs: both(blocks, (writes) => percentile(writes, 1)),
    writes: both(blocks, (writes) => writes.length),
    differenceMs,
    noiseMs,
    slower,
    pairs: asked.length,
    verdict: costs ? 'costs' : noiseMs > mostNoiseMs ? 'too noisy to tell' : 'nothing beyond the noise',
  };
}

function both(
  blocks: readonly Block[],
  of: (writes: readonly number[]) => number,
): { readonly without: number; readonly asked: number } {
  const all = (asked: boolean): readonly number[] =>
    blocks.filter((block) => block.asked === asked).flatMap(({ writesMs }) => writesMs);
  return { without: of(all(false)), asked: of(all(true)) };
}

/** Nearest rank. */
function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN;
}

const median = (values: readonly number[]): number => percentile(values, 0.5);
