/** The answer of an oracle. Three values; the worst wins; looking at nothing is `unknown`. */

/** One thing that is wrong, with the events that prove it. */
export interface Finding {
  readonly what: string;
  /** Numbers (`seq`) of the events that show it, the first one first. */
  readonly evidence: readonly [number, ...number[]];
}

export type Verdict =
  | { readonly kind: 'holds'; readonly because: string; readonly looked: number }
  | {
      readonly kind: 'broken';
      readonly because: string;
      readonly findings: readonly [Finding, ...Finding[]];
    }
  | { readonly kind: 'unknown'; readonly because: string };

export type VerdictKind = Verdict['kind'];

const RANK: Readonly<Record<VerdictKind, number>> = { holds: 0, unknown: 1, broken: 2 };

/** Worst wins: broken > unknown > holds. No verdict at all is `unknown`. */
export function worst(kinds: readonly VerdictKind[]): VerdictKind {
  return (
    kinds.reduce<VerdictKind | undefined>(
      (worse, kind) => (worse === undefined || RANK[kind] > RANK[worse] ? kind : worse),
      undefined,
    ) ?? 'unknown'
  );
}

export const holds = (because: string, looked: number): Verdict =>
  looked > 0
    ? { kind: 'holds', because, looked }
    : { kind: 'unknown', because: `nothing to look at: ${because}` };
export const unknown = (because: string): Verdict => ({ kind: 'unknown', because });
export function broken(because: string, findings: readonly Finding[]): Verdict {
  const [first, ...rest] = findings;
  if (first === undefined) throw new Error(`bug: a broken verdict without a finding (${because})`);
  return { kind: 'broken', because, findings: [first, ...rest] };
}
