/** A gate: a list of conditions, a window they must hold over, and the answer. Pure; the caller looks and waits. */
import type { GateDecision } from '../model/event.ts';
import type { NodeName } from '../model/names.ts';
import type { Condition, Question, Window } from './condition.ts';
import { newest } from './condition.ts';
import { asGateDecision, held, reasons, unseen, worstKind } from './decision.ts';
import type { Decision, DecisionKind } from './decision.ts';
import type { Extra, GateFacts, Profile } from './facts.ts';
import { summaryOf } from './summary.ts';
import type { Finding } from './summary.ts';

/** How long and how often the conditions must hold. */
export interface Stability {
  /** Looks in a row, at least 1. */
  readonly looks: number;
  /** Time between the first and the last of them, at least. */
  readonly spanMs: number;
  /** Longest time from the end of a look to the next one: what happens unseen in a longer gap proves nothing. */
  readonly gapMs: number;
  /** How long every node and brick must have been up, and the logs quiet; 0 asks for neither. */
  readonly soakMs: number;
}

export interface Gate {
  readonly name: string;
  readonly says: string;
  readonly profile: Profile;
  readonly stability: Stability;
  readonly conditions: readonly [Condition, ...Condition[]];
}

/** Said by the site's owner beforehand, part of the question, shown in the answer. A waived condition is still judged. */
export interface Waiver {
  /** Code of the condition. */
  readonly condition: string;
  readonly why: string;
}

export interface GateQuestion extends Question {
  readonly waivers: readonly Waiver[];
}

export interface Ruling {
  readonly code: string;
  readonly name: string;
  readonly decision: Decision;
  readonly waived?: string;
}

export interface Answer {
  readonly gate: string;
  readonly node: NodeName;
  readonly kind: DecisionKind;
  /** One line for people, each cause once; empty when open. */
  readonly summary: string;
  /** Sentences for whatever is not open and not waived, worst first, each with its condition's code. */
  readonly sentences: readonly string[];
  /** What to do, for refusals. */
  readonly todo: readonly string[];
  /** False when waiting alone can't open it. */
  readonly worthWaiting: boolean;
  readonly rulings: readonly Ruling[];
  readonly stability: Decision;
  readonly looks: number;
}

/** Asks a gate. `looks` are all looks taken so far, oldest first; only the newest stable stretch counts. */
export function judgeGate(gate: Gate, question: GateQuestion, looks: readonly GateFacts[]): Answer {
  const foreign = question.waivers.filter(
    (waiver) => !gate.conditions.some((one) => one.code === waiver.condition),
  );
  if (foreign.length > 0) {
    throw new Error(
      `gate ${gate.name} has no condition ${foreign.map((one) => one.condition).join(', ')} to waive; ` +
        `it has ${gate.conditions.map((one) => one.code).join(', ')}`,
    );
  }
  const window = windowOf(gate.stability, looks);
  const asked = { ...question, looks, soakMs: gate.stability.soakMs };
  const rulings = gate.conditions.map((condition) => rule(condition, window, asked));
  const stability =
    window === undefined ? unseen('nobody has looked at the site yet') : stable(gate.stability, window);
  return answer(gate, question, rulings, stability, looks);
}

function rule(condition: Condition, window: Window | undefined, question: GateQuestion): Ruling {
  const { code, name } = condition;
  const waiver = question.waivers.find((one) => one.condition === code);
  const decision =
    window === undefined ? unseen('nobody has looked at the site yet') : judge(condition, window, question);
  return { code, name, decision, ...(waiver === undefined ? {} : { waived: waiver.why }) };
}

/** A condition that fails by itself knows nothing, and so keeps the gate shut. */
function judge(condition: Condition, window: Window, question: GateQuestion): Decision {
  try {
    return condition.decide(window, question);
  } catch (error) {
    return unseen(`the condition itself failed: ${String(error)}`);
  }
}

function answer(
  gate: Gate,
  question: GateQuestion,
  rulings: readonly Ruling[],
  stability: Decision,
  looks: readonly GateFacts[],
): Answer {
  const counting = rulings.filter((ruling) => ruling.waived === undefined);
  const all = [
    ...counting.map(({ code, decision }) => ({ code, decision })),
    { code: 'window', decision: stability },
  ];
  const kind = worstKind(all.map((one) => one.decision.kind));
  const of = (wanted: DecisionKind): readonly string[] =>
    all
      .filter((one) => one.decision.kind === wanted)
      .flatMap((one) => reasons(one.decision).map((text) => `${one.code}: ${text}`));
  const refusals = all.map((one) => one.decision).filter((one) => one.kind === 'refused');
  return {
    gate: gate.name,
    node: question.node,
    kind,
    summary: kind === 'open' ? '' : summaryOf(findings(gate, all), windowOf(gate.stability, looks) ?? []),
    sentences: [...of('refused'), ...of('unknown'), ...of('held')],
    todo: refusals.map((one) => one.todo),
    worthWaiting: all.every(({ decision }) => mayOpen(decision)),
    rulings,
    stability,
    looks: looks.length,
  };
}

/** Whether time alone, and looks, can make it open. */
function mayOpen(decision: Decision): boolean {
  switch (decision.kind) {
    case 'open':
    case 'held':
      return true;
    case 'refused':
      return decision.heals;
    case 'unknown':
      return decision.forGood !== true;
  }
}

const findings = (gate: Gate, all: readonly Pick<Finding, 'code' | 'decision'>[]): readonly Finding[] =>
  all.map((one) => ({ ...one, topic: gate.conditions.find(({ code }) => code === one.code)?.topic }));

/** The newest looks that the gate has to judge: enough for count and span, none before a gap that is too long. */
export function windowOf(wanted: Stability, looks: readonly GateFacts[]): Window | undefined {
  const last = looks.at(-1);
  if (last === undefined) return undefined;
  const window: [GateFacts, ...GateFacts[]] = [last];
  for (const look of looks.slice(0, -1).toReversed()) {
    const enough = window.length >= wanted.looks && last.atMs - window[0].atMs >= wanted.spanMs;
    if (enough || window[0].atMs - (look.atMs + look.tookMs) > wanted.gapMs) break;
    window.unshift(look);
  }
  return window;
}

function stable(wanted: Stability, window: Window): Decision {
  const span = newest(window).atMs - window[0].atMs;
  if (window.length < wanted.looks || span < wanted.spanMs) {
    return held(
      `${window.length} of ${wanted.looks} looks taken, over ${seconds(span)} of ${seconds(wanted.spanMs)}: one look proves nothing`,
    );
  }
  return { kind: 'open', saw: `${window.length} looks over ${seconds(span)}` };
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** The answer as the history keeps it. */
export function decisionOf(answered: Answer): GateDecision {
  const decision = asGateDecision(answered.kind, answered.sentences, answered.summary);
  return decision.kind === 'held' && onlyTheWindow(answered) ? { ...decision, onlyLooks: true } : decision;
}

/** The same gate with another patience; what is not given stays. */
export const withStability = (gate: Gate, change: Partial<Stability>): Gate => ({
  ...gate,
  stability: { ...gate.stability, ...change },
});

/** What a look has to hold for this gate beyond what every look holds. */
export const extrasOfGate = (gate: Gate): ReadonlySet<Extra> =>
  new Set(gate.conditions.flatMap((condition) => condition.asks ?? []));

/** Rulings that keep it shut beside the window; a waived condition keeps nothing shut. */
const shutBy = ({ rulings }: Answer): readonly Ruling[] =>
  rulings.filter((one) => one.waived === undefined && one.decision.kind !== 'open');

/** Only more looks are missing. */
export const onlyTheWindow = (answered: Answer): boolean => shutBy(answered).length === 0;

/** Something was seen that no later look takes back as long as this one is in the window: it is not only what passes. */
export const shutForGood = (answered: Answer): boolean =>
  shutBy(answered).some(({ decision }) => !(decision.kind === 'held' && decision.passing === true));
