/** One horizontal strip of the picture, and what all of them need to draw themselves. */
import type { History } from '../../harness/index.ts';
import type { Axis } from './axis.ts';
import type { Box } from './svg.ts';
import { COLOR, rect, text } from './svg.ts';
import type { TextStyle } from './text.ts';
import { fit, textWidth } from './text.ts';

export interface Lane {
  /** Lanes of the same group stand under one heading. */
  readonly group: string;
  readonly label: string;
  /** Smaller, under or beside the label: unit, greatest value. */
  readonly note?: string;
  readonly height: number;
  /** SVG with the lane's top edge at `y`. */
  readonly draw: (y: number) => string;
  /** Keys of the legend that this lane uses. */
  readonly uses?: readonly LegendKey[];
}

export type LegendKey =
  | 'up'
  | 'healing'
  | 'down'
  | 'booting'
  | 'brick-away'
  | 'master'
  | 'backup'
  | 'silent'
  | 'paused'
  | 'off'
  | 'disk-failed'
  | 'start-failed'
  | 'write-error'
  | 'pending'
  | 'dirty'
  | 'unseen'
  | 'reached'
  | 'outage'
  | 'held'
  | 'open'
  | 'refused'
  | 'step'
  | 'step-failed'
  | 'fault'
  | 'firing'
  | 'paged'
  | 'modelled';

export interface Drawing {
  readonly history: History;
  readonly axis: Axis;
}

export const LABEL: TextStyle = { size: 13 };
export const SMALL: TextStyle = { size: 12 };
export const BAR = 18;
export const PAD = 5;

/** A bar from one moment to another, cut to the window; empty when it lies outside. */
export function barBox(
  { axis }: Drawing,
  fromMs: number,
  toMs: number,
  y: number,
  h: number,
): Box | undefined {
  const { window } = axis;
  if (toMs < window.fromMs || fromMs > window.toMs) return undefined;
  const x = axis.x(fromMs);
  return { x, y, w: Math.max(axis.x(toMs) - x, 1.5), h };
}

/** A bar with its label inside where it fits, and none where it doesn't. */
export function labelled(box: Box, fill: string, label: string, ink: string, hint?: string): string {
  const shown = textWidth(label, SMALL) + 2 * PAD <= box.w ? label : '';
  return (
    rect(box, fill, {}, hint ?? label) +
    text(shown, { ...SMALL, x: box.x + PAD, y: box.y + box.h / 2 + 4.3, fill: ink })
  );
}

export interface Note {
  /** Where the text would like to begin. */
  readonly x: number;
  /** Where its bar or mark begins; where there is no room on the right, the text ends before it. */
  readonly orEndAt: number;
  readonly label: string;
  readonly fill?: string;
}

/** Text beside a mark: to its right where there is room, else to its left, shortened to what there is. */
export function besides(
  { axis }: Drawing,
  { x, orEndAt, label, fill = COLOR.ink }: Note,
  baseline: number,
): { from: number; to: number; svg: string } {
  const width = textWidth(label, SMALL);
  if (x + width <= axis.x1) {
    return { from: x, to: x + width, svg: text(label, { ...SMALL, x, y: baseline, fill }) };
  }
  const left = orEndAt - axis.x0;
  const right = axis.x1 - x;
  if (left > right) {
    const shown = fit(label, left, SMALL);
    const from = orEndAt - textWidth(shown, SMALL);
    return { from, to: orEndAt, svg: text(shown, { ...SMALL, x: from, y: baseline, fill }) };
  }
  const shown = fit(label, right, SMALL);
  return { from: x, to: x + textWidth(shown, SMALL), svg: text(shown, { ...SMALL, x, y: baseline, fill }) };
}
