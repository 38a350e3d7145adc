/** Measuring and shortening text, so that no label overlaps another or leaves the picture. Pure. */
import { REGULAR, SEMIBOLD } from './font-widths.ts';

export interface TextStyle {
  readonly size: number;
  readonly bold?: boolean;
}

/** Characters that the font may lack are taken as wide as the widest usual one. */
const UNKNOWN = 1000;

/** Width in pixels, without kerning, which only makes text narrower. */
export function textWidth(text: string, { size, bold = false }: TextStyle): number {
  const widths = bold ? SEMIBOLD : REGULAR;
  let thousandths = 0;
  for (const character of text) thousandths += widths[character] ?? UNKNOWN;
  return (thousandths * size) / 1000;
}

/** The text, or as much of it as fits with `…`; empty when not even three characters fit. */
export function fit(text: string, width: number, style: TextStyle): string {
  if (textWidth(text, style) <= width) return text;
  const characters = Array.from(text);
  while (characters.length > 3) {
    characters.pop();
    const shorter = `${characters.join('').trimEnd()}…`;
    if (textWidth(shorter, style) <= width) return shorter;
  }
  return '';
}

/** Breaks at spaces into at most `lines` lines; the last one is shortened when the rest doesn't fit. */
export function wrap(text: string, width: number, lines: number, style: TextStyle): readonly string[] {
  const out: string[] = [];
  const words = text.split(/\s+/).filter((word) => word !== '');
  while (words.length > 0 && out.length < lines) {
    let line = words.shift() as string;
    while (words.length > 0 && textWidth(`${line} ${words[0]}`, style) <= width) line += ` ${words.shift()}`;
    if (out.length === lines - 1 && words.length > 0) line = `${line} ${words.join(' ')}`;
    out.push(fit(line, width, style));
  }
  return out;
}

/** Puts spans into as few rows as possible, first come first served; answers the row of each. */
export function packRows(
  spans: readonly { readonly from: number; readonly to: number }[],
  gap: number,
): readonly number[] {
  const ends: number[] = [];
  return spans.map(({ from, to }) => {
    const free = ends.findIndex((end) => end + gap <= from);
    const row = free === -1 ? ends.length : free;
    ends[row] = to;
    return row;
  });
}

/** `1 h 04 m`, `12 m 05 s`, `48.2 s`. */
export function duration(seconds: number): string {
  if (seconds < 99.95) return `${Math.round(seconds * 10) / 10} s`;
  const whole = Math.round(seconds);
  const two = (n: number): string => String(n).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)} m ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} m`;
}

/** `4,584` */
export const thousands = (n: number): string => String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ',');
