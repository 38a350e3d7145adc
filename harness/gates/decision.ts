/** What a condition and a gate answer, and how answers are combined. Pure. */
import type { GateDecision } from '../model/event.ts';

export type Decision =
  /** `saw`: what was looked at, so that an open gate can be checked by a person too. */
  | { readonly kind: 'open'; readonly saw: string }
  /** Goes away by itself. `passing`: found in every look so far, and what a live writer brings about too; the next look may not have it. */
  | { readonly kind: 'held'; readonly waitingFor: readonly string[]; readonly passing?: true }
  /** `heals`: it may yet go away without anybody's help; `todo` says what to do about it. */
  | {
      readonly kind: 'refused';
      readonly because: readonly string[];
      readonly todo: string;
      readonly heals: boolean;
    }
  /** Something that has to be known was not seen. `forGood`: by the question itself, so that no later look will see it. */
  | { readonly kind: 'unknown'; readonly because: readonly string[]; readonly forGood?: true };

export type DecisionKind = Decision['kind'];

export const open = (saw: string): Decision => ({ kind: 'open', saw });
export const held = (...waitingFor: readonly string[]): Decision => ({ kind: 'held', waitingFor });
export const passing = (waitingFor: string): Decision => ({
  kind: 'held',
  waitingFor: [waitingFor],
  passing: true,
});
export const unseen = (...because: readonly string[]): Decision => ({ kind: 'unknown', because });
/** Will not be seen, however often somebody looks: the question leaves it out. */
export const never = (because: string): Decision => ({ kind: 'unknown', because: [because], forGood: true });
export const refused = (because: readonly string[], todo: string, heals = false): Decision => ({
  kind: 'refused',
  because,
  todo,
  heals,
});

/** A definite no beats not knowing, which beats waiting: "only wait" may be said only when everything was seen. */
const RANK: Readonly<Record<DecisionKind, number>> = { open: 0, held: 1, unknown: 2, refused: 3 };

/** Worst kind; nothing decided at all is `unknown`. */
export function worstKind(kinds: readonly DecisionKind[]): DecisionKind {
  return kinds.length === 0
    ? 'unknown'
    : kinds.reduce((worse, kind) => (RANK[kind] > RANK[worse] ? kind : worse));
}

/** Sentences of a decision that is not open; for an open one, none. */
export function reasons(decision: Decision): readonly string[] {
  switch (decision.kind) {
    case 'open':
      return [];
    case 'held':
      return decision.waitingFor;
    case 'refused':
    case 'unknown':
      return decision.because;
  }
}

/** Several findings of one condition as one decision: the worst kind, with every sentence of that kind. */
export function combine(decisions: readonly Decision[], saw: string): Decision {
  const kind = worstKind(decisions.map((one) => one.kind));
  const worst = decisions.filter((one) => one.kind === kind);
  const sentences = [...new Set(worst.flatMap(reasons))];
  switch (kind) {
    case 'open':
      return open(saw);
    case 'held':
      return worst.every((one) => one.kind === 'held' && one.passing === true)
        ? { kind: 'held', waitingFor: sentences, passing: true }
        : held(...sentences);
    case 'unknown':
      if (decisions.length === 0) return unseen('nothing was looked at');
      return worst.some((one) => one.kind === 'unknown' && one.forGood === true)
        ? { kind: 'unknown', because: sentences, forGood: true }
        : unseen(...sentences);
    case 'refused': {
      const refusals = worst.filter((one) => one.kind === 'refused');
      const todo = [...new Set(refusals.map((one) => one.todo))].join(' ');
      return refused(
        sentences,
        todo,
        refusals.every((one) => one.heals),
      );
    }
  }
}

/** The model's three-valued form, for the history: what is not known is held, and says so. */
export function asGateDecision(
  kind: DecisionKind,
  sentences: readonly string[],
  summary: string,
): GateDecision {
  switch (kind) {
    case 'open':
      return { kind: 'open' };
    case 'held':
    case 'unknown':
      return { kind: 'held', waitingFor: sentences, summary };
    case 'refused':
      return { kind: 'refused', because: sentences, summary };
  }
}
