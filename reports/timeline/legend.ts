/** The legend: only what the picture uses, in a fixed order, as wide as the picture. */
import type { LegendKey } from './lane.ts';
import { SMALL } from './lane.ts';
import { COLOR, cross, diamond, line, rect, text, tick } from './svg.ts';
import { textWidth } from './text.ts';

const swatch =
  (fill: string, stroke?: string) =>
  (x: number, y: number): string =>
    rect({ x, y: y - 10, w: 22, h: 12 }, fill, stroke === undefined ? {} : { stroke });
const low =
  (fill: string, h: number) =>
  (x: number, y: number): string =>
    rect({ x, y: y - 4 - h / 2, w: 22, h }, fill);

const KEYS: Readonly<Record<LegendKey, readonly [string, (x: number, y: number) => string]>> = {
  step: ['step', swatch(COLOR.step)],
  'step-failed': ['step not done', swatch(COLOR.red)],
  fault: ['fault', swatch(COLOR.fault)],
  held: ['gate holds', swatch('url(#hatch-held)')],
  open: ['gate opens', (x, y) => tick(x + 11, y - 4, 7, COLOR.green)],
  refused: ['gate refuses', swatch('url(#hatch-refused)')],
  up: ['node up', swatch(COLOR.up)],
  healing: ['up, heals pending on its brick', swatch('url(#hatch-healing)')],
  down: ['down', swatch(COLOR.down)],
  booting: ['booting', swatch('url(#hatch-booting)')],
  'brick-away': ['brick not connected', low(COLOR.red, 3)],
  pending: [
    'accused files, to be healed',
    (x, y) => rect({ x, y: y - 9, w: 22, h: 10 }, '#f3c969', { stroke: '#b07900' }),
  ],
  dirty: [
    'dirty: in flight or unsettled',
    (x, y) => line(x, y - 4, x + 22, y - 4, COLOR.blue, { 'stroke-dasharray': '2 2', 'stroke-width': 1.4 }),
  ],
  unseen: ['could not be read', swatch('url(#hatch-unseen)')],
  master: ['router is master', swatch(COLOR.blue)],
  backup: ['backup', swatch(COLOR.sky)],
  silent: ['runs, guest silent', swatch('url(#hatch-booting)')],
  paused: ['VM paused', swatch('url(#hatch-held)')],
  off: [
    'VM off',
    (x, y) =>
      rect({ x, y: y - 10, w: 22, h: 12 }, COLOR.paper, { stroke: COLOR.faint, 'stroke-dasharray': '3 3' }),
  ],
  'disk-failed': ['disk failed', low(COLOR.red, 4)],
  'start-failed': ['start failed', (x, y) => cross(x + 11, y - 4, 4.5, COLOR.red)],
  'write-error': [
    'write failed',
    (x, y) => line(x + 11, y - 11, x + 11, y + 3, COLOR.red, { 'stroke-width': 1.5 }),
  ],
  reached: ['site reached', low(COLOR.green, 6)],
  outage: ['cut off', swatch(COLOR.red)],
  firing: ['alert active', low(COLOR.red, 4)],
  paged: ['delivered', (x, y) => diamond(x + 11, y - 4, 6, COLOR.red, COLOR.paper)],
  modelled: ['modelled time of people', low(COLOR.fault, 12)],
};

const LINE = 22;

/** Flows the used keys into lines between `x0` and `x1`. */
export function legend(
  used: ReadonlySet<LegendKey>,
  x0: number,
  x1: number,
): { height: number; draw: (y: number) => string } {
  let x = x0;
  let row = 0;
  const placed = (Object.keys(KEYS) as LegendKey[])
    .filter((key) => used.has(key))
    .map((key) => {
      const [label, mark] = KEYS[key];
      const width = 28 + textWidth(label, SMALL);
      if (x > x0 && x + width > x1) {
        x = x0;
        row += 1;
      }
      const at = { x, row, label, mark };
      x += width + 18;
      return at;
    });
  return {
    height: placed.length === 0 ? 0 : (row + 1) * LINE,
    draw: (y) =>
      placed
        .map((one) => {
          const baseline = y + one.row * LINE + 14;
          return (
            one.mark(one.x, baseline) +
            text(one.label, { ...SMALL, x: one.x + 28, y: baseline, fill: COLOR.soft })
          );
        })
        .join(''),
  };
}
