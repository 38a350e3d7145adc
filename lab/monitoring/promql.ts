/** Scales ranges and offsets inside PromQL, by Prometheus's own grammar. Pure. */
import { parser } from '@prometheus-io/lezer-promql';
import type { SyntaxNode } from '@lezer/common';
import { durationMs, durationText, scaledMs } from './duration.ts';
import type { Scaling } from './duration.ts';

/** Why an expression can't be scaled; `at`: offset in the expression. */
export interface Refusal {
  readonly at: number;
  readonly because: string;
}

export interface ScaledPromql {
  readonly text: string;
  /** Ranges that would have held fewer than two samples. */
  readonly clamped: readonly { readonly at: number; readonly was: string; readonly is: string }[];
  /** It calculates with moments or seconds: numbers beside them may be durations, which only a person can tell. */
  readonly inSeconds: boolean;
}

/** The grammar's names for time(), timestamp() and predict_linear(). */
const OF_SECONDS = new Set(['Time', 'Timestamp', 'PredictLinear']);

const LITERAL = 'NumberDurationLiteralInDurationContext';
/** Two samples at least, or no rate and no increase can be told. */
const SAMPLES = 2;

/** A range like `[5m]` is of the first kind, an offset of the second. */
const CONTEXTS = { DurationExpr: 'range', OffsetDurationExpr: 'offset' } as const;

interface Literal {
  readonly from: number;
  readonly to: number;
  readonly is: 'range' | 'offset';
}

interface Found {
  readonly literals: readonly Literal[];
  readonly inSeconds: boolean;
}

function literalsOf(expr: string): Found | Refusal {
  const found: Literal[] = [];
  let inSeconds = false;
  let refusal: Refusal | undefined;
  const refuse = (at: number, because: string): void => {
    refusal ??= { at, because };
  };
  parser.parse(expr).iterate({
    enter: ({ node, type, from, to }) => {
      if (type.isError) refuse(from, `no PromQL from «${expr.slice(from, from + 30)}»`);
      inSeconds ||= OF_SECONDS.has(type.name);
      if (type.name !== LITERAL) return;
      const { parent } = node;
      const kind = parent === null ? undefined : CONTEXTS[parent.name as keyof typeof CONTEXTS];
      if (kind === undefined || calculated(parent))
        refuse(
          from,
          `a duration that is calculated («${expr.slice(parent?.from ?? from, parent?.to ?? to)}»)`,
        );
      else found.push({ from, to, is: kind });
    },
  });
  return refusal ?? { literals: found, inSeconds };
}

/** `[5m * 2]`: the sum of its parts can't be clamped part by part. A sign before it is no calculation. */
function calculated(parent: SyntaxNode | null): boolean {
  for (let node = parent; node !== null && node.name in CONTEXTS; node = node.parent) {
    for (let child = node.firstChild; child !== null; child = child.nextSibling)
      if (!(child.name in CONTEXTS) && child.name !== LITERAL && child.name !== 'UnaryOp') return true;
  }
  return false;
}

/** A number without a unit is in seconds, as Prometheus 3 has it. */
const written = (text: string): number | undefined => {
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : undefined;
  return seconds ?? durationMs(text);
};

export function scalePromql(expr: string, scaling: Scaling): ScaledPromql | Refusal {
  const found = literalsOf(expr);
  if ('because' in found) return found;
  let text = '';
  let done = 0;
  const clamped: { at: number; was: string; is: string }[] = [];
  for (const { from, to, is } of found.literals) {
    const was = expr.slice(from, to);
    const ms = written(was);
    if (ms === undefined) return { at: from, because: `no duration: «${was}»` };
    const wanted = scaledMs(ms, scaling);
    const least = is === 'range' ? SAMPLES * scaling.scrapeMs : 0;
    const now = durationText(Math.max(wanted, least));
    if (wanted < least) clamped.push({ at: from, was, is: now });
    text += expr.slice(done, from) + now;
    done = to;
  }
  return { text: text + expr.slice(done), clamped, inSeconds: found.inSeconds };
}
