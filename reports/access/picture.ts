/** The access graph of a site as a picture: who needs what, what is broken in a state, and what is lost with it. Pure. */
import { standingAfter } from '../../harness/index.ts';
import type { AccessGraph, Standing } from '../../harness/index.ts';
import { SMALL } from '../timeline/lane.ts';
import { COLOR, FONT, path, rect, text } from '../timeline/svg.ts';
import { fit, textWidth, wrap } from '../timeline/text.ts';
import { layoutOf } from './layout.ts';

const BOX = { w: 148, h: 44 } as const;
const STEP = { x: 204, y: 62 } as const;
const MARGIN = 24;
const TOP = 92;
const LABEL = { size: 13 } as const;

interface Look {
  readonly fill: string;
  readonly ink: string;
  readonly says: string;
}
const LOOKS = {
  up: { fill: COLOR.up, ink: COLOR.ink, says: 'stands' },
  broken: { fill: COLOR.red, ink: COLOR.paper, says: 'broken' },
  lost: { fill: COLOR.orange, ink: COLOR.ink, says: 'lost with it' },
} as const satisfies Record<string, Look>;

const lookOf = (state: Standing | undefined): Look =>
  state === undefined || state.up ? LOOKS.up : state.broken ? LOOKS.broken : LOOKS.lost;

/** `broken`: the things that are broken in the state that is drawn. */
export function accessSvg(title: string, graph: AccessGraph, broken: readonly string[] = []): string {
  const after = standingAfter(graph, new Set(broken));
  const { columns, edges } = layoutOf(graph);
  const tallest = Math.max(...columns.map((names) => names.length));
  const [width, bottom] = [
    2 * MARGIN + (columns.length - 1) * STEP.x + BOX.w,
    TOP + (tallest - 1) * STEP.y + BOX.h,
  ];
  const height = bottom + 56;
  const spots = new Map(
    columns.flatMap((names, column) =>
      names.map((name, row) => [
        name,
        { x: MARGIN + column * STEP.x, y: TOP + (row + (tallest - names.length) / 2) * STEP.y },
      ]),
    ),
  );
  const arrows = edges.map(({ from, to, how }) => {
    const [a, b] = [spots.get(from), spots.get(to)];
    if (a === undefined || b === undefined) return '';
    return arrow(a, b, { dashed: how === 'some', lost: after.get(to)?.up === false });
  });
  const boxes = [...spots].map(([name, at]) => box(name, at, lookOf(after.get(name))));
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${FONT}">` +
    [
      rect({ x: 0, y: 0, w: width, h: height }, COLOR.paper),
      heading(title, width),
      ...arrows,
      ...boxes,
      legend(height - 24),
    ].join('\n') +
    '</svg>\n'
  );
}

const heading = (title: string, width: number): string =>
  text(fit(title, width - 2 * MARGIN, { size: 24, bold: true }), { size: 24, bold: true, x: MARGIN, y: 42 }) +
  text('An arrow leads from who needs to what is needed.', { ...SMALL, x: MARGIN, y: 66, fill: COLOR.soft });

interface Point {
  readonly x: number;
  readonly y: number;
}

function arrow(from: Point, to: Point, { dashed, lost }: { dashed: boolean; lost: boolean }): string {
  const [x1, y1, x2, y2] = [from.x + BOX.w, from.y + BOX.h / 2, to.x - 5, to.y + BOX.h / 2];
  const bend = Math.max(24, (x2 - x1) / 2.2);
  const stroke = lost ? COLOR.red : COLOR.faint;
  const curve = path(`M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`, {
    fill: 'none',
    stroke,
    'stroke-width': lost ? 2 : 1.3,
    'stroke-opacity': lost ? 1 : 0.75,
    ...(dashed ? { 'stroke-dasharray': '5 4' } : {}),
  });
  return curve + path(`M${x2 - 2} ${y2 - 4}L${x2 + 5} ${y2}L${x2 - 2} ${y2 + 4}Z`, { fill: stroke });
}

function box(name: string, { x, y }: Point, { fill, ink, says }: Look): string {
  const lines = wrap(name, BOX.w - 14, 2, LABEL);
  const first = y + BOX.h / 2 + 4.6 - (lines.length - 1) * 8;
  return (
    rect({ x, y, ...BOX }, fill, { rx: 6 }, `${name}: ${says}`) +
    lines
      .map((one, at) =>
        text(one, { ...LABEL, x: x + BOX.w / 2, y: first + at * 16, fill: ink, anchor: 'middle' }),
      )
      .join('')
  );
}

function legend(y: number): string {
  const colours = Object.values(LOOKS).map(({ fill, says }) => ({
    says,
    sign: (x: number) => rect({ x, y: y - 11, w: 22, h: 13 }, fill),
  }));
  const strokes = [
    { says: 'can’t do without', more: {} },
    { says: 'one of several', more: { 'stroke-dasharray': '5 4' } },
  ].map(({ says, more }) => ({
    says,
    sign: (x: number) =>
      path(`M${x} ${y - 4}L${x + 22} ${y - 4}`, { stroke: COLOR.soft, 'stroke-width': 1.5, ...more }),
  }));
  let x = MARGIN;
  return [...colours, ...strokes]
    .map(({ says, sign }) => {
      const at = x;
      x += 30 + textWidth(says, SMALL) + 22;
      return sign(at) + text(says, { ...SMALL, x: at + 30, y, fill: COLOR.soft });
    })
    .join('');
}
