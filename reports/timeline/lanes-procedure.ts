/** Lanes of what was done and what was told: procedure, faults, gate, alerts. */
import type { GateDecision } from '../../harness/index.ts';
import type { Drawing, Lane, LegendKey } from './lane.ts';
import { BAR, barBox, besides, PAD, SMALL } from './lane.ts';
import type { AlertSpan, GateWait, StepSpan } from './states.ts';
import { alertSpans, gateWaits, stepSpans } from './states.ts';
import { COLOR, cross, diamond, rect, text, tick } from './svg.ts';
import { duration, fit, packRows, textWidth } from './text.ts';

const ROW = BAR + 4;
const GAP = 10;

/** Something with a mark of its own and a text beside it, to be packed into rows. */
interface Packed {
  readonly from: number;
  readonly to: number;
  readonly draw: (y: number) => string;
}

function packed(items: readonly Packed[]): { readonly height: number; readonly draw: (y: number) => string } {
  const rows = packRows(items, GAP);
  return {
    height: (Math.max(0, ...rows) + 1) * ROW,
    draw: (y) => items.map((item, i) => item.draw(y + (rows[i] ?? 0) * ROW)).join(''),
  };
}

export function procedureLanes(drawing: Drawing): readonly Lane[] {
  const all = stepSpans(drawing.history, drawing.axis.window.toMs);
  const lane = (kind: StepSpan['kind'], label: string, group: string): Lane[] => {
    const spans = all.filter((span) => span.kind === kind);
    const items = spans.flatMap((span) => stepItem(drawing, span) ?? []);
    if (items.length === 0) return [];
    const failed = spans.some(({ outcome }) => outcome !== 'done');
    const uses: LegendKey[] = [
      kind === 'step' ? 'step' : 'fault',
      ...(failed ? (['step-failed'] as const) : []),
    ];
    return [{ group, label, ...packed(items), uses }];
  };
  return [...lane('step', 'steps', 'Procedure'), ...lane('fault', 'faults', 'Procedure')];
}

const OUTCOME: Readonly<Record<StepSpan['outcome'], string>> = {
  done: '',
  failed: ' – failed',
  'cut-off': ' – cut off',
  'given-up': ' – given up',
  unended: ' – not ended',
};

function stepItem(drawing: Drawing, span: StepSpan): Packed | undefined {
  const box = barBox(drawing, span.fromMs, span.toMs, 0, BAR);
  if (box === undefined) return undefined;
  const bad = span.outcome !== 'done';
  const fill = bad ? COLOR.red : span.kind === 'step' ? COLOR.step : COLOR.fault;
  const label = `${span.name}${OUTCOME[span.outcome]}${span.receipt === false ? ' – no proof' : ''}`;
  const hint = `${label}: ${span.hint} (${duration((span.toMs - span.fromMs) / 1000)}, event ${span.seq})`;
  const bar = (y: number): string => rect({ ...box, y }, fill, {}, hint);
  if (textWidth(label, SMALL) + 2 * PAD <= box.w) {
    const ink = bad ? COLOR.paper : COLOR.ink;
    const inside = (y: number): string => text(label, { ...SMALL, x: box.x + PAD, y: y + 13.3, fill: ink });
    return { from: box.x, to: box.x + box.w, draw: (y) => bar(y) + inside(y) };
  }
  const note = { x: box.x + box.w + 4, orEndAt: box.x - 4, label };
  const place = besides(drawing, note, 0);
  return {
    from: Math.min(box.x, place.from),
    to: Math.max(box.x + box.w, place.to),
    draw: (y) => bar(y) + besides(drawing, note, y + 13.3).svg,
  };
}

export function gateLanes(drawing: Drawing): readonly Lane[] {
  const waits = gateWaits(drawing.history);
  const items = waits.flatMap((wait) => gateItem(drawing, wait) ?? []);
  if (items.length === 0) return [];
  const kinds = new Set(
    waits.flatMap(({ answers, last }) => [last.kind, ...answers.map(({ state }) => state)]),
  );
  const uses = (['held', 'refused', 'open'] as const).filter((kind) => kinds.has(kind));
  return [{ group: 'Procedure', label: 'gate', ...packed(items), uses }];
}

function gateItem(drawing: Drawing, wait: GateWait): Packed | undefined {
  const box = barBox(drawing, wait.fromMs, wait.toMs, 0, BAR);
  if (box === undefined) return undefined;
  const end = box.x + box.w;
  const says = gateSays(wait);
  const note = { x: end + 12, orEndAt: box.x - 8, label: fit(says, LONGEST_REASON, SMALL) };
  const place = besides(drawing, note, 0);
  const answers = (y: number): string =>
    wait.answers
      .map(({ fromMs, toMs, state }) => {
        const part = barBox(drawing, fromMs, toMs, y + 2, BAR - 4);
        return part === undefined || state === 'open' ? '' : rect(part, GATE_FILL[state], {}, says);
      })
      .join('');
  const mark = (y: number): string =>
    wait.last.kind === 'open'
      ? tick(end, y + BAR / 2, 7, COLOR.green)
      : cross(end, y + BAR / 2, 6, COLOR.red);
  return {
    from: Math.min(box.x, place.from),
    to: Math.max(end + 8, place.to),
    draw: (y) => answers(y) + mark(y) + besides(drawing, note, y + 13.3).svg,
  };
}

const GATE_FILL = { held: 'url(#hatch-held)', refused: 'url(#hatch-refused)' } as const;
/** Pixels; the whole text shows when a mouse rests on the bar. */
const LONGEST_REASON = 430;

function gateSays({ node, fromMs, toMs, first, last, answers }: GateWait): string {
  const waited = duration((toMs - fromMs) / 1000);
  const reason = because(last.kind === 'open' ? (reasonToWait(first) ?? last) : last);
  if (last.kind !== 'open') return `${node}: given up after ${waited}, ${last.kind}${reason}`;
  if (toMs === fromMs) return `${node}: open`;
  const refused = answers.some(({ state }) => state === 'refused') ? ', refused before' : '';
  return `${node}: open after ${waited}${refused}${reason}`;
}

const reasonToWait = (decision: GateDecision): GateDecision | undefined =>
  decision.kind === 'open' ? undefined : decision;

function because(decision: GateDecision): string {
  if (decision.kind === 'open') return '';
  const reasons = decision.kind === 'held' ? decision.waitingFor : decision.because;
  const reason = decision.summary ?? reasons.join(', ');
  return reason === '' ? '' : ` – ${reason}`;
}

export function alertLanes(drawing: Drawing): readonly Lane[] {
  const spans = alertSpans(drawing.history, drawing.axis.window.toMs);
  const items = spans.flatMap((span) => alertItem(drawing, span) ?? []);
  if (items.length === 0) return [];
  return [{ group: 'Monitoring and people', label: 'alerts', ...packed(items), uses: ['firing', 'paged'] }];
}

function alertItem(drawing: Drawing, span: AlertSpan): Packed | undefined {
  const box = barBox(drawing, span.fromMs, span.toMs, 0, BAR);
  if (box === undefined) return undefined;
  const fired = drawing.axis.x(span.firedMs);
  const label = `${span.name} to ${span.receiver}`;
  const note = { x: box.x + box.w + 6, orEndAt: box.x - 8, label };
  const place = besides(drawing, note, 0);
  return {
    from: Math.min(box.x, place.from),
    to: Math.max(box.x + box.w, fired + 7, place.to),
    draw: (y) =>
      rect({ ...box, y: y + 7, h: 4 }, COLOR.red, {}, label) +
      diamond(fired, y + BAR / 2, 6, COLOR.red, COLOR.paper) +
      besides(drawing, note, y + 13.3).svg,
  };
}
