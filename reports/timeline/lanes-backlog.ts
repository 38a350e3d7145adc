/** One chart per brick: what its index says is still to be healed. */
import { max } from 'd3-array';
import { scaleLinear, scaleSymlog } from 'd3-scale';
import { area, curveStepAfter, line as lineShape } from 'd3-shape';
import { nodeOfBrick } from '../../harness/index.ts';
import type { Drawing, Lane } from './lane.ts';
import { barBox } from './lane.ts';
import type { BacklogPoint } from './series.ts';
import { backlogOf } from './series.ts';
import { COLOR, line, path, rect } from './svg.ts';
import { thousands } from './text.ts';

const CHART = 34;

export function backlogLanes(drawing: Drawing): readonly Lane[] {
  const series = backlogOf(drawing.history);
  const { window } = drawing.axis;
  const inWindow = (points: readonly BacklogPoint[]): BacklogPoint[] =>
    points.filter(({ atMs }) => atMs >= window.fromMs - 2_000 && atMs <= window.toMs);
  const top =
    max([...series.values()].flatMap(inWindow), ({ pending, dirty }) => Math.max(pending ?? 0, dirty ?? 0)) ??
    0;
  // From a few entries up to thousands, a linear chart hides the last few, which are what the night hangs on.
  const scale =
    top > 300 ? scaleSymlog([0, top], [CHART, 0]) : scaleLinear([0, Math.max(1, top)], [CHART, 0]);
  const how = top > 300 ? 'log, ' : '';
  return [...series]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([brick, points]): Lane => {
      const shown = inWindow(points);
      const most = max(shown, ({ pending }) => pending ?? 0) ?? 0;
      const unseen = shown.some(({ pending }) => pending === undefined);
      return {
        group: 'Heal backlog of each brick (entries)',
        label: nodeOfBrick(brick),
        note: `${how}most ${thousands(most)}`,
        height: CHART + 4,
        draw: (y) => backlogChart(drawing, shown, scale, y),
        uses: ['pending', 'dirty', ...(unseen ? (['unseen'] as const) : [])],
      };
    });
}

function backlogChart(
  drawing: Drawing,
  points: readonly BacklogPoint[],
  scale: (n: number) => number,
  y: number,
): string {
  const { axis } = drawing;
  const drawn = [...points];
  const last = drawn.at(-1);
  if (last) drawn.push({ ...last, atMs: axis.window.toMs });
  const x = ({ atMs }: BacklogPoint): number => axis.x(atMs);
  const seen = ({ pending }: BacklogPoint): boolean => pending !== undefined;
  const fill = area<BacklogPoint>()
    .defined(seen)
    .x(x)
    .y0(y + CHART)
    .y1(({ pending = 0 }) => y + scale(pending))
    .curve(curveStepAfter)
    .digits(1);
  const edge = lineShape<BacklogPoint>().defined(seen).x(x).curve(curveStepAfter).digits(1);
  const blind = unseenSpans(drawn).map(({ fromMs, toMs }) => {
    const box = barBox(drawing, fromMs, toMs, y, CHART);
    return box ? rect(box, 'url(#hatch-unseen)', {}, 'the brick could not be read') : '';
  });
  return (
    blind.join('') +
    line(axis.x0, y + CHART, axis.x1, y + CHART, COLOR.rule) +
    path(fill(drawn) ?? '', { fill: '#f3c969' }) +
    path(edge.y(({ pending = 0 }) => y + scale(pending))(drawn) ?? '', {
      stroke: '#b07900',
      'stroke-width': 1.5,
      fill: 'none',
    }) +
    path(edge.y(({ dirty = 0 }) => y + scale(dirty))(drawn) ?? '', {
      stroke: COLOR.blue,
      'stroke-width': 1,
      'stroke-dasharray': '2 2',
      fill: 'none',
    })
  );
}

function unseenSpans(points: readonly BacklogPoint[]): { fromMs: number; toMs: number }[] {
  const spans: { fromMs: number; toMs: number }[] = [];
  let from: number | undefined;
  for (const { atMs, pending } of points) {
    if (pending === undefined) from ??= atMs;
    else if (from !== undefined) {
      spans.push({ fromMs: from, toMs: atMs });
      from = undefined;
    }
  }
  const last = points.at(-1);
  if (from !== undefined && last) spans.push({ fromMs: from, toMs: last.atMs });
  return spans;
}
