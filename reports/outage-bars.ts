/** Outages of several runs in one picture, on the site's clock: whose time they went by. Pure: rows in, SVG text out. */
import { clockText } from '../harness/index.ts';
import type { OutageRow, Part, PartKind } from './outage-rows.ts';
import { SMALL } from './timeline/lane.ts';
import { COLOR, FONT, line, rect, text, tick } from './timeline/svg.ts';
import { duration, fit, textWidth, wrap } from './timeline/text.ts';

const PARTS: Readonly<
  Record<PartKind, { readonly fill: string; readonly ink: string; readonly says: string }>
> = {
  unnoticed: { fill: '#39424e', ink: COLOR.paper, says: 'no alert yet' },
  unread: { fill: '#7d5a9e', ink: COLOR.paper, says: 'nobody has read it' },
  'held-up': { fill: COLOR.orange, ink: COLOR.ink, says: 'held up' },
  travels: { fill: COLOR.sky, ink: COLOR.ink, says: 'on the way' },
  connects: { fill: COLOR.blue, ink: COLOR.paper, says: 'connects' },
  repairs: { fill: COLOR.green, ink: COLOR.paper, says: 'repairs' },
  unasked: { fill: COLOR.red, ink: COLOR.paper, says: 'cut off, nobody was asked' },
};

const WIDTH = 1200;
const MARGIN = 24;
const LABELS = 330;
const ROW = 74;
const BAR = 34;
const BOLD = { size: 15, bold: true };
/** Room behind the longest bar for its length. */
const BEHIND = 130;

export function outageBarsSvg(title: string, rows: readonly OutageRow[]): string {
  const sorted = rows.toSorted((a, b) => lengthOf(b) - lengthOf(a));
  const scale = scaleOf(sorted);
  const top = 96;
  const bottom = top + sorted.length * ROW;
  const used = new Set(sorted.flatMap(({ outage }) => outage?.parts.map(({ kind }) => kind) ?? []));
  const height = bottom + 84;
  const drawn = [
    rect({ x: 0, y: 0, w: WIDTH, h: height }, COLOR.paper),
    text(fit(title, WIDTH - 2 * MARGIN, { size: 24, bold: true }), {
      size: 24,
      bold: true,
      x: MARGIN,
      y: 42,
    }),
    axis(scale, top, bottom),
    ...sorted.map((row, i) => drawRow(row, scale, top + i * ROW)),
    legend(used, bottom + 52),
  ];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" ` +
    `font-family="${FONT}">${drawn.join('\n')}</svg>\n`
  );
}

/** The same for a terminal: a bar of blocks for each run, longest first. */
export function outageBarsText(title: string, rows: readonly OutageRow[], columns: number): string {
  const sorted = rows.toSorted((a, b) => lengthOf(b) - lengthOf(a));
  const most = Math.max(1, ...sorted.map(lengthOf));
  const names = sorted.map((row) => split(row.title)[0]);
  const label = Math.min(44, Math.max(...names.map((name) => name.length)));
  const room = Math.max(10, Math.min(60, columns - label - 24));
  const lines = sorted.map((row, i) => {
    const blocks = Math.ceil((lengthOf(row) / most) * room);
    const name = (names[i] ?? '').slice(0, label).padEnd(label);
    return `  ${name}  ${'█'.repeat(blocks)}${blocks > 0 ? ' ' : ''}${lengthText(row)}`;
  });
  return [title, ...lines, ''].join('\n');
}

const lengthOf = ({ outage }: OutageRow): number => (outage === undefined ? 0 : outage.to - outage.from);

const NOT_CUT_OFF = { seen: 'no outage', aborted: 'unknown: the run was aborted' };
const lengthText = ({ outage, aborted }: OutageRow): string =>
  outage === undefined
    ? NOT_CUT_OFF[aborted ? 'aborted' : 'seen']
    : `${outage.unended ? 'at least ' : ''}${duration(outage.to - outage.from)}`;

/** `the incident as it was: pages to one phone` in its two parts. */
function split(title: string): readonly [name: string, rest: string] {
  const at = title.indexOf(': ');
  return at === -1 ? [title, ''] : [title.slice(0, at), title.slice(at + 2)];
}

interface Scale {
  readonly from: number;
  readonly to: number;
  readonly x: (time: number) => number;
}

const HOUR = 3600;

function scaleOf(rows: readonly OutageRow[]): Scale {
  const outages = rows.flatMap(({ outage }) => (outage === undefined ? [] : [outage]));
  const from = Math.min(...outages.map((one) => one.from), Infinity);
  const to = Math.max(...outages.map((one) => one.to), -Infinity);
  const begin = Number.isFinite(from) ? from : 0;
  const end = Number.isFinite(to) && to > begin ? to : begin + HOUR;
  const [x0, x1] = [MARGIN + LABELS, WIDTH - MARGIN - BEHIND];
  return { from: begin, to: end, x: (time) => x0 + ((time - begin) / (end - begin)) * (x1 - x0) };
}

const STEPS = [60, 300, 600, 1800, HOUR, 2 * HOUR, 4 * HOUR];

/** Round times of the day above the bars. */
function axis({ from, to, x }: Scale, top: number, bottom: number): string {
  const step = STEPS.find((each) => (to - from) / each <= 8) ?? 12 * HOUR;
  const marks: number[] = [];
  for (let time = Math.ceil(from / step) * step; time <= to; time += step) marks.push(time);
  return [
    text('site’s clock', { ...SMALL, x: MARGIN, y: top - 16, fill: COLOR.soft }),
    ...marks.map(
      (time) =>
        line(x(time), top - 8, x(time), bottom, COLOR.rule) +
        text(clockText(time).replace(/ .*/, ''), {
          ...SMALL,
          x: x(time),
          y: top - 16,
          fill: COLOR.soft,
          anchor: 'middle',
        }),
    ),
  ].join('');
}

function drawRow(row: OutageRow, scale: Scale, y: number): string {
  const [name, rest] = split(row.title);
  const words = wrap(rest, LABELS - 20, 2, SMALL);
  const labels =
    line(MARGIN, y, WIDTH - MARGIN, y, COLOR.rule) +
    text(fit(capital(name), LABELS - 20, BOLD), { ...BOLD, x: MARGIN, y: y + 25 }) +
    words
      .map((word, i) => text(word, { ...SMALL, x: MARGIN, y: y + 43 + i * 16, fill: COLOR.soft }))
      .join('');
  if (row.outage === undefined) {
    const x = scale.x(scale.from);
    const fill = row.aborted ? COLOR.soft : COLOR.green;
    return (
      labels +
      (row.aborted ? '' : tick(x + 11, y + 29, 10, fill)) +
      text(lengthText(row), { ...BOLD, x: x + (row.aborted ? 2 : 30), y: y + 34, fill })
    );
  }
  const { parts, to, says } = row.outage;
  const end = scale.x(to);
  return (
    labels +
    parts.map((part) => drawPart(part, scale, y + 10)).join('') +
    text(lengthText(row), { size: 17, bold: true, x: end + 10, y: y + 33 }) +
    beneath(says, scale, y + 61)
  );
}

/** Who did what when, on paper of its own: the grid must not run through the words. */
function beneath(says: string, scale: Scale, y: number): string {
  const x = scale.x(scale.from);
  const shown = fit(says, WIDTH - MARGIN - x, SMALL);
  return (
    rect({ x, y: y - 12, w: textWidth(shown, SMALL) + 6, h: 17 }, COLOR.paper) +
    text(shown, { ...SMALL, x, y, fill: COLOR.soft })
  );
}

function drawPart({ kind, from, to }: Part, scale: Scale, y: number): string {
  const { fill, ink, says } = PARTS[kind];
  const box = { x: scale.x(from), y, w: Math.max(1.5, scale.x(to) - scale.x(from)), h: BAR };
  const label = `${says}, ${duration(to - from)}`;
  const shown = [label, says].find((words) => textWidth(words, SMALL) + 12 <= box.w) ?? '';
  return (
    rect(box, fill, {}, `${label}, from ${clockText(from)} to ${clockText(to)}`) +
    text(shown, { ...SMALL, x: box.x + box.w / 2, y: y + BAR / 2 + 4.3, fill: ink, anchor: 'middle' })
  );
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

function legend(used: ReadonlySet<PartKind>, y: number): string {
  let x = MARGIN;
  return (Object.keys(PARTS) as PartKind[])
    .filter((kind) => used.has(kind))
    .map((kind) => {
      const { fill, says } = PARTS[kind];
      const at = x;
      x += 30 + textWidth(says, SMALL) + 18;
      return (
        rect({ x: at, y: y - 11, w: 22, h: 13 }, fill) +
        text(says, { ...SMALL, x: at + 30, y, fill: COLOR.soft })
      );
    })
    .join('');
}
