/** SVG by strings: the few shapes that the timeline is made of. Pure. */
import type { TextStyle } from './text.ts';

/** Okabe and Ito's colours, which people with any kind of colour vision can tell apart; every state differs in lightness, height or pattern too. */
export const COLOR = {
  ink: '#1b1f24',
  soft: '#57606a',
  faint: '#8c959f',
  rule: '#d8dee4',
  paper: '#ffffff',
  band: '#f6f8fa',
  blue: '#0072b2',
  sky: '#9fd3f2',
  green: '#009e73',
  red: '#d55e00',
  orange: '#e69f00',
  up: '#dbe7f0',
  down: '#39424e',
  booting: '#8c959f',
  step: '#c9d4e0',
  fault: '#cc79a7',
} as const;

export const FONT = "Inter, 'Helvetica Neue', Helvetica, Arial, sans-serif";

/** Safe inside elements and double-quoted attributes; control characters, which XML forbids, become spaces. */
export const escape = (raw: string): string =>
  raw
    // oxlint-disable-next-line no-control-regex -- exactly these are what XML 1.0 does not allow
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

const n = (value: number): string => String(Math.round(value * 10) / 10);

type Attributes = Readonly<Record<string, string | number>>;
const attributes = (given: Attributes): string =>
  Object.entries(given)
    .map(([name, value]) => ` ${name}="${typeof value === 'number' ? n(value) : escape(value)}"`)
    .join('');

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** `hint` shows when a mouse rests on it, where the picture is opened by itself. */
export function rect({ x, y, w, h }: Box, fill: string, more: Attributes = {}, hint?: string): string {
  const shape = `<rect x="${n(x)}" y="${n(y)}" width="${n(Math.max(w, 0.8))}" height="${n(h)}" fill="${fill}"${attributes(more)}`;
  return hint === undefined ? `${shape}/>` : `${shape}><title>${escape(hint)}</title></rect>`;
}

export function line(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  stroke: string,
  more: Attributes = {},
): string {
  return `<line x1="${n(x1)}" y1="${n(y1)}" x2="${n(x2)}" y2="${n(y2)}" stroke="${stroke}"${attributes(more)}/>`;
}

export function path(d: string, more: Attributes): string {
  return `<path d="${d}"${attributes(more)}/>`;
}

export interface Placed extends TextStyle {
  readonly x: number;
  /** Of the baseline. */
  readonly y: number;
  readonly fill?: string;
  readonly anchor?: 'start' | 'middle' | 'end';
}

export function text(
  content: string,
  { x, y, size, bold, fill = COLOR.ink, anchor = 'start' }: Placed,
): string {
  if (content === '') return '';
  const weight = bold ? ' font-weight="600"' : '';
  const side = anchor === 'start' ? '' : ` text-anchor="${anchor}"`;
  return `<text x="${n(x)}" y="${n(y)}" font-size="${n(size)}" fill="${fill}"${weight}${side}>${escape(content)}</text>`;
}

/** A cross, drawn. */
export function cross(x: number, y: number, r: number, stroke: string): string {
  return path(
    `M${n(x - r)} ${n(y - r)}L${n(x + r)} ${n(y + r)}M${n(x - r)} ${n(y + r)}L${n(x + r)} ${n(y - r)}`,
    {
      stroke,
      'stroke-width': 2,
      fill: 'none',
    },
  );
}

export function diamond(x: number, y: number, r: number, fill: string, stroke: string): string {
  return path(`M${n(x)} ${n(y - r)}L${n(x + r)} ${n(y)}L${n(x)} ${n(y + r)}L${n(x - r)} ${n(y)}Z`, {
    fill,
    stroke,
    'stroke-width': 1.5,
  });
}

/** A tick in a disc. */
export function tick(x: number, y: number, r: number, fill: string): string {
  const mark = `M${n(x - r * 0.5)} ${n(y)}L${n(x - r * 0.1)} ${n(y + r * 0.4)}L${n(x + r * 0.55)} ${n(y - r * 0.4)}`;
  return (
    `<circle cx="${n(x)}" cy="${n(y)}" r="${n(r)}" fill="${fill}"/>` +
    path(mark, { stroke: COLOR.paper, 'stroke-width': 1.8, fill: 'none' })
  );
}

/** Slanted lines on a ground, as fills: `url(#hatch-held)` and so on. */
export const PATTERNS: string = [
  ['hatch-held', '#fbe7b8', COLOR.orange],
  ['hatch-refused', '#f9d9c6', COLOR.red],
  ['hatch-healing', '#f7dc9c', '#c98a00'],
  ['hatch-booting', '#dde2e7', '#b4bcc5'],
  ['hatch-unseen', COLOR.paper, COLOR.rule],
  ['hatch-break', '#f3f0f7', '#ded6e8'],
]
  .map(
    ([id, ground, stripe]) =>
      `<pattern id="${id}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">` +
      `<rect width="6" height="6" fill="${ground}"/><rect width="2.2" height="6" fill="${stripe}"/></pattern>`,
  )
  .join('');

/** SVG has no depth: what must stay readable is drawn last. Moves all text of a drawing behind its shapes, in the same order. */
export function textOnTop(svg: string): { readonly shapes: string; readonly words: string } {
  const words: string[] = [];
  const shapes = svg.replace(/<text [^>]*>[^<]*<\/text>/g, (word) => {
    words.push(word);
    return '';
  });
  return { shapes, words: words.join('\n') };
}
