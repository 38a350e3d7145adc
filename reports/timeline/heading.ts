/** What stands above and below the lanes: verdict, reason, numbers; clocks; honest limits. */
import type { VerdictKind } from '../../harness/index.ts';
import type { Figures } from '../figures.ts';
import type { Axis } from './axis.ts';
import { SMALL } from './lane.ts';
import { COLOR, line, path, rect, text } from './svg.ts';
import { duration, fit, textWidth, thousands, wrap } from './text.ts';

export interface Told {
  readonly kind: VerdictKind;
  /** One sentence. */
  readonly because: string;
  readonly expected?: VerdictKind;
  /** False where the verdict is the expected one and something else is not, such as which oracles are broken. */
  readonly asExpected?: boolean;
}

export interface Block {
  readonly height: number;
  readonly draw: (y: number) => string;
}

const VERDICT_FILL: Readonly<Record<VerdictKind, string>> = {
  holds: COLOR.green,
  broken: COLOR.red,
  unknown: COLOR.soft,
};

export function titleBlock(title: string, told: Told | undefined, x0: number, x1: number): Block {
  const pill = told?.kind.toUpperCase() ?? '';
  const pillStyle = { size: 15, bold: true };
  const pillWidth = pill === '' ? 0 : textWidth(pill, pillStyle) + 24;
  const expected =
    told?.expected === undefined
      ? ''
      : told.expected !== told.kind
        ? `expected: ${told.expected}`
        : told.asExpected === false
          ? 'not for the expected reasons'
          : 'as expected';
  const expectedWidth = expected === '' ? 0 : textWidth(expected, SMALL) + 10;
  const room = x1 - x0 - pillWidth - expectedWidth - 20;
  const sizes = [24, 21, 18, 16].map((size) => ({ size, bold: true }));
  const style = sizes.find((each) => textWidth(title, each) <= room) ?? { size: 16, bold: true };
  const shown = fit(title, room, style);
  const reasonStyle = { size: 15 };
  const reason = told === undefined ? [] : wrap(told.because, x1 - x0, 2, reasonStyle);
  return {
    height: 44 + reason.length * 21,
    draw: (y) => {
      const after = x0 + textWidth(shown, style) + 14;
      return (
        text(shown, { ...style, x: x0, y: y + 28 }) +
        (told === undefined
          ? ''
          : rect({ x: after, y: y + 8, w: pillWidth, h: 26 }, VERDICT_FILL[told.kind], { rx: 13 }) +
            text(pill, { ...pillStyle, x: after + 12, y: y + 26.5, fill: COLOR.paper })) +
        text(expected, { ...SMALL, x: after + pillWidth + 10, y: y + 26, fill: COLOR.soft }) +
        reason
          .map((row, i) => text(row, { ...reasonStyle, x: x0, y: y + 56 + i * 21, fill: COLOR.ink }))
          .join('')
      );
    },
  };
}

/** The numbers of the table, large, side by side. */
export function figuresBlock(figures: Figures | undefined, x0: number, x1: number): Block {
  if (figures === undefined) return { height: 0, draw: () => '' };
  const cells = [
    ['customer cut off', seconds(figures.outageSeconds)],
    ...(figures.outageSecondsSiteClock !== figures.outageSeconds
      ? [['on the site’s clock', seconds(figures.outageSecondsSiteClock)] as const]
      : []),
    ['files in split-brain', count(figures.splitBrainFiles)],
    ['acknowledged writes lost', count(figures.lostWrites)],
    ['to the first alert', seconds(figures.firstAlertSeconds)],
  ] as const;
  const width = (x1 - x0) / cells.length;
  return {
    height: 64,
    draw: (y) =>
      rect({ x: x0, y: y + 4, w: x1 - x0, h: 54 }, COLOR.band, { rx: 6 }) +
      cells
        .map(([label, value], i) => {
          const x = x0 + i * width + 14;
          return (
            text(value, { size: 20, bold: true, x, y: y + 29 }) +
            text(label, { ...SMALL, x, y: y + 47, fill: COLOR.soft })
          );
        })
        .join(''),
  };
}

const seconds = (value: number | null): string => (value === null ? '–' : duration(value));
const count = (value: number | null): string => (value === null ? 'not known' : thousands(value));

/** The lab's clock above the lanes. */
export function labClock(axis: Axis, x0: number): Block {
  return {
    height: 24,
    draw: (y) =>
      text('lab’s clock', { ...SMALL, x: x0, y: y + 15, fill: COLOR.soft }) +
      axis
        .ticks()
        .map(({ seconds: at, x }) =>
          text(`${at} s`, { ...SMALL, x, y: y + 15, fill: COLOR.soft, anchor: 'middle' }),
        )
        .join(''),
  };
}

/** The site's clock below the lanes, where there is one; times too close together are left out. */
export function siteClock(axis: Axis, x0: number): Block {
  if (!axis.hasSiteClock) return { ...labClock(axis, x0), height: 24 };
  const { fromMs } = axis.window;
  const marks = axis.ticks().map(({ seconds: at, x }) => ({ x, label: axis.siteClock(fromMs + at * 1000) }));
  let free = Number.NEGATIVE_INFINITY;
  const shown = marks.filter(({ x, label }) => {
    const half = textWidth(label, SMALL) / 2;
    if (x - half < free) return false;
    free = x + half + 8;
    return true;
  });
  return {
    height: 24,
    draw: (y) =>
      text('site’s clock', { ...SMALL, x: x0, y: y + 15, fill: COLOR.soft }) +
      shown
        .map(({ x, label }) => text(label, { ...SMALL, x, y: y + 15, fill: COLOR.soft, anchor: 'middle' }))
        .join(''),
  };
}

/** Grid, breaks and the shade of an outage, behind all lanes. */
export function backdrop(
  axis: Axis,
  outages: readonly { fromMs: number; toMs: number }[],
  top: number,
  bottom: number,
): string {
  const h = bottom - top;
  const shade = outages.map(({ fromMs, toMs }) => {
    const [from, to] = [axis.x(fromMs), axis.x(toMs)];
    return rect({ x: from, y: top, w: to - from, h }, COLOR.red, { 'fill-opacity': 0.07 });
  });
  const grid = axis.ticks().map(({ x }) => line(x, top, x, bottom, COLOR.rule));
  const gaps = axis.breaks.map(({ x0, x1 }) => rect({ x: x0, y: top, w: x1 - x0, h }, 'url(#hatch-break)'));
  return shade.join('') + grid.join('') + gaps.join('');
}

/** Zigzag edges and the squeezed hours, over the lanes, at the top of each break. */
export function breakMarks(axis: Axis, top: number, bottom: number): string {
  return axis.breaks
    .map(({ x0, x1, siteSeconds }) => {
      const zigzag = (x: number): string => {
        let d = `M${x} ${top}`;
        for (let y = top, i = 0; y < bottom; y += 6, i += 1)
          d += `L${x + (i % 2 === 0 ? 3 : -3)} ${Math.min(y + 6, bottom)}`;
        return path(d, { stroke: '#9b8ab3', 'stroke-width': 1, fill: 'none' });
      };
      const label = `+ ${duration(siteSeconds)}`;
      return (
        zigzag(x0) +
        zigzag(x1) +
        text(label, { size: 13, bold: true, x: (x0 + x1) / 2, y: top - 8, fill: '#6b4f8a', anchor: 'middle' })
      );
    })
    .join('');
}
