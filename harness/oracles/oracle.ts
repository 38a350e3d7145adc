/** An oracle: one invariant, judged on a finished history. */
import type { History } from '../model/event.ts';
import { unknown, worst } from '../model/verdict.ts';
import type { Verdict, VerdictKind } from '../model/verdict.ts';

/** What an oracle protects decides what a scenario expects of it. */
export type Aspect = 'data' | 'availability' | 'procedure' | 'harness';

export interface Oracle {
  /** Kebab-case, as reports print it. */
  readonly name: string;
  readonly aspect: Aspect;
  /** The invariant, one sentence. */
  readonly means: string;
  /** What its findings name as evidence. */
  readonly evidence: string;
  /** Pure, linear in the number of events. */
  readonly check: (history: History) => Verdict;
}

export interface Judgement {
  readonly name: string;
  /** As the oracle that judged says it, its limits included. */
  readonly means: string;
  readonly aspect: Aspect;
  readonly verdict: Verdict;
}

/** Runs every oracle; one that throws counts as `unknown`, never as passed. */
export function judge(
  oracles: readonly Oracle[],
  history: History,
): { verdict: VerdictKind; judgements: readonly Judgement[] } {
  const judgements = oracles.map(({ name, means, aspect, check }): Judgement => {
    try {
      return { name, means, aspect, verdict: check(history) };
    } catch (error) {
      return { name, means, aspect, verdict: unknown(`the oracle itself failed: ${String(error)}`) };
    }
  });
  return { verdict: worst(judgements.map((judgement) => judgement.verdict.kind)), judgements };
}
