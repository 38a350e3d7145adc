/** Two lanes per router: where and what it is, and the writes that its disk acknowledged. */
import { max } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import { area, curveStepAfter } from 'd3-shape';
import type { RouterName } from '../../harness/index.ts';
import type { Drawing, Lane, LegendKey } from './lane.ts';
import { BAR, barBox, labelled, PAD, SMALL } from './lane.ts';
import type { RateBin } from './series.ts';
import { writeRate } from './series.ts';
import type { RouterState, Span } from './states.ts';
import { routerSpans } from './states.ts';
import { COLOR, cross, line, path, rect, text } from './svg.ts';
import { textWidth, thousands } from './text.ts';

const ROUTER_LOOK: Readonly<Record<RouterState['is'], { fill: string; ink: string; key: LegendKey }>> = {
  MASTER: { fill: COLOR.blue, ink: COLOR.paper, key: 'master' },
  BACKUP: { fill: COLOR.sky, ink: COLOR.ink, key: 'backup' },
  INIT: { fill: COLOR.booting, ink: COLOR.ink, key: 'silent' },
  silent: { fill: 'url(#hatch-booting)', ink: COLOR.ink, key: 'silent' },
  paused: { fill: 'url(#hatch-held)', ink: COLOR.ink, key: 'paused' },
  off: { fill: COLOR.paper, ink: COLOR.soft, key: 'off' },
};

export function routerLanes(drawing: Drawing, routers: readonly RouterName[]): readonly Lane[] {
  const { axis, history } = drawing;
  const binMs = Math.max(1_000, Math.ceil((axis.window.toMs - axis.window.fromMs) / 200_000) * 1_000);
  const rates = new Map(routers.map((name) => [name, writeRate(history, name, axis.window, binMs)]));
  const top = Math.max(1, ...[...rates.values()].flat().map(({ perSecond }) => perSecond));
  return routers.flatMap((name) => [
    stateLane(drawing, name),
    writesLane(drawing, name, rates.get(name) ?? [], top),
  ]);
}

function stateLane(drawing: Drawing, router: RouterName): Lane {
  const { axis, history } = drawing;
  const spans = routerSpans(history, router, axis.window.toMs).filter(
    ({ toMs }) => toMs > axis.window.fromMs,
  );
  const failedStarts = history.filter(
    (event) => event.kind === 'vm' && event.router === router && event.state === 'start-failed',
  );
  const uses: LegendKey[] = spans.map(({ state }) => ROUTER_LOOK[state.is].key);
  if (spans.some(({ state }) => state.disk === 'failed')) uses.push('disk-failed');
  if (failedStarts.length > 0) uses.push('start-failed');
  const crosses = (y: number): string =>
    failedStarts.map(({ atMs }) => cross(axis.x(atMs), y + BAR / 2, 4.5, COLOR.red)).join('');
  return {
    group: 'Routers',
    label: router,
    height: BAR + 4,
    draw: (y) =>
      spans.map((span) => stateBar(drawing, router, span, y)).join('') +
      panics(drawing, router, spans, y) +
      crosses(y),
    uses,
  };
}

function stateBar(drawing: Drawing, router: RouterName, span: Span<RouterState>, y: number): string {
  const { fromMs, toMs, state } = span;
  const whole = barBox(drawing, fromMs, toMs, y, BAR);
  if (whole === undefined) return '';
  const box = { ...whole, w: Math.max(whole.w - 1, 1) }; // a hair of paper between two nodes
  const { fill, ink } = ROUTER_LOOK[state.is];
  const hint = `${router} ${labelOf(state)}, disk ${state.disk}`;
  if (state.is === 'off') {
    return rect(
      { ...box, y: y + 0.5, h: BAR - 1 },
      COLOR.paper,
      { stroke: COLOR.faint, 'stroke-dasharray': '3 3' },
      hint,
    );
  }
  const stripe = state.disk === 'failed' ? rect({ ...box, y: y + BAR - 4, h: 4 }, COLOR.red, {}, hint) : '';
  return labelled(box, fill, labelOf(state), ink, hint) + stripe;
}

/** A mark where the guest panicked; the word before it where the bar has room for it beside its own label. */
function panics(
  drawing: Drawing,
  router: RouterName,
  spans: readonly Span<RouterState>[],
  y: number,
): string {
  const { axis, history } = drawing;
  const style = { ...SMALL, bold: true };
  return history
    .filter((event) => event.kind === 'guest' && event.router === router && event.says === 'panic')
    .filter(({ atMs }) => atMs >= axis.window.fromMs && atMs <= axis.window.toMs)
    .map(({ atMs }) => {
      const x = axis.x(atMs);
      const span = spans.find(({ fromMs, toMs }) => fromMs <= atMs && atMs <= toMs);
      const room =
        span === undefined ? 0 : x - axis.x(span.fromMs) - textWidth(labelOf(span.state), SMALL) - 4 * PAD;
      const word = textWidth('panic', style) <= room ? 'panic' : '';
      const fill = span === undefined ? COLOR.ink : ROUTER_LOOK[span.state.is].ink;
      return (
        rect({ x, y, w: 2, h: BAR }, COLOR.red, {}, 'guest panicked') +
        text(word, { ...style, x: x - PAD, y: y + 13.3, fill, anchor: 'end' })
      );
    })
    .join('');
}

const labelOf = ({ is, node }: RouterState): string => (node && is !== 'off' ? `${is} on ${node}` : is);

const RATE = 26;

function writesLane(drawing: Drawing, router: RouterName, bins: readonly RateBin[], top: number): Lane {
  const { axis, history } = drawing;
  const scale = scaleLinear([0, top], [RATE, 0]);
  const errors = history.filter((event) => event.kind === 'write-failed' && event.router === router);
  const most = max(bins, ({ perSecond }) => perSecond) ?? 0;
  const shape = area<RateBin>()
    .x(({ fromMs }) => axis.x(fromMs))
    .curve(curveStepAfter)
    .digits(1);
  const closed = [
    ...bins,
    { fromMs: axis.window.toMs, toMs: axis.window.toMs, perSecond: bins.at(-1)?.perSecond ?? 0 },
  ];
  return {
    group: 'Routers',
    label: 'writes/s',
    note: `most ${thousands(most)}`,
    height: RATE + 6,
    draw: (y) =>
      path(shape.y0(y + RATE).y1(({ perSecond }) => y + scale(perSecond))(closed) ?? '', {
        fill: '#7fb7d8',
      }) +
      line(axis.x0, y + RATE, axis.x1, y + RATE, COLOR.rule) +
      errors
        .map(({ atMs }) =>
          line(axis.x(atMs), y + 4, axis.x(atMs), y + RATE, COLOR.red, { 'stroke-width': 1.5 }),
        )
        .join(''),
    uses: errors.length > 0 ? ['write-error'] : [],
  };
}
