/** The final table, for people at a terminal. Pure. */
import type { Heard } from './detection.ts';
import type { RunResult } from './run-result.ts';
import { duration } from './timeline/text.ts';

export interface TableOptions {
  /** Width of the terminal; below 60 is treated as 60. */
  readonly columns: number;
  readonly colour: boolean;
}

interface Cell {
  readonly text: string;
  readonly style?: Style;
}
type Style = 'bold' | 'dim' | 'good' | 'bad' | 'doubt';
const SGR: Readonly<Record<Style, string>> = { bold: '1', dim: '2', good: '32', bad: '31', doubt: '33' };

interface Column {
  readonly heads: readonly [wide: string, narrow: string];
  readonly right: boolean;
  readonly cell: (result: RunResult) => Cell;
}

const VERDICT: Readonly<Record<RunResult['verdict'], Style>> = {
  holds: 'good',
  broken: 'bad',
  unknown: 'doubt',
};

const number = (value: number | null, digits = 0): Cell => ({
  text:
    value === null
      ? '–'
      : value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits }),
  ...(value === null ? { style: 'dim' as const } : {}),
});
const column = (wide: string, narrow: string, cell: Column['cell'], right = true): Column => ({
  heads: [wide, narrow],
  right,
  cell,
});

const NIGHT = column('night', 'night', ({ scenario }) => ({ text: scenario, style: 'bold' }), false);
const VOLUME = column('volume', 'volume', ({ volume }) => ({ text: volume }), false);
const EXPECTED = column(
  'expected',
  '',
  ({ expected, asExpected }) => ({
    text: asExpected ? `${expected}, yes` : `${expected}, NO`,
    style: asExpected ? 'dim' : 'bad',
  }),
  false,
);
const AS_EXPECTED = column(
  '',
  'as exp.',
  ({ asExpected }) => ({ text: asExpected ? 'yes' : 'NO', style: asExpected ? 'dim' : 'bad' }),
  false,
);
const WHAT_HAPPENED: readonly Column[] = [
  column(
    'verdict',
    'verdict',
    ({ verdict }) => ({ text: verdict.toUpperCase(), style: VERDICT[verdict] }),
    false,
  ),
];
const NUMBERS: readonly Column[] = [
  column('outage s', 'outage s', ({ outageSeconds }) => number(outageSeconds, 1)),
  column('split-brain files', 'split', ({ splitBrainFiles }) => number(splitBrainFiles)),
  column('lost writes', 'lost', ({ lostWrites }) => number(lostWrites)),
  column('first alert s', 'alert s', ({ firstAlertSeconds }) => number(firstAlertSeconds, 1)),
];
const WIDE: readonly Column[] = [NIGHT, VOLUME, ...WHAT_HAPPENED, EXPECTED, ...NUMBERS];
const NARROW: readonly Column[] = [NIGHT, ...WHAT_HAPPENED, AS_EXPECTED, ...NUMBERS];

const GAP = 2;

/** Every run as a row, below it why in a sentence, then what the table can't say: site's clock, differences, what is missing. Ends with a newline. */
export function tableText(results: readonly RunResult[], { columns, colour }: TableOptions): string {
  const width = Math.max(60, columns);
  const paint = (text: string, style?: Style): string =>
    colour && style !== undefined && text !== '' ? `\u001b[${SGR[style]}m${text}\u001b[0m` : text;
  if (results.length === 0) return 'No run.\n';
  const layout = layoutFor(results, width);
  const lines = [layout.row(layout.heads, paint)];
  for (const result of results) {
    lines.push(
      layout.row(
        layout.columns.map(({ cell }) => cell(result)),
        paint,
      ),
    );
    if (layout.narrow) lines.push(...folded(result.volume, width).map((line) => paint(line, 'dim')));
    lines.push(...folded(`${result.because}${siteClock(result)}`, width));
    lines.push(
      ...[toldText(result), noReturnText(result)]
        .filter((text) => text !== '')
        .flatMap((text) => folded(text, width)),
    );
    lines.push(
      ...result.notes.flatMap((note) => folded(`! ${note}`, width)).map((line) => paint(line, 'doubt')),
    );
  }
  return `${lines.join('\n')}\n`;
}

interface TableLayout {
  readonly narrow: boolean;
  readonly columns: readonly Column[];
  readonly heads: readonly Cell[];
  readonly row: (cells: readonly Cell[], paint: (text: string, style?: Style) => string) => string;
}

/** The wide form where it fits, else the narrow one, in which the night's name gives way. */
function layoutFor(results: readonly RunResult[], width: number): TableLayout {
  const measure = (columns: readonly Column[], form: 0 | 1): number[] =>
    columns.map(({ heads, cell }) =>
      Math.max(heads[form].length, ...results.map((result) => cell(result).text.length)),
    );
  const total = (widths: readonly number[]): number =>
    widths.reduce((sum, each) => sum + each, GAP * (widths.length - 1));
  const wide = measure(WIDE, 0);
  const narrow = total(wide) > width;
  const columns = narrow ? NARROW : WIDE;
  const widths = narrow ? measure(NARROW, 1) : wide;
  widths[0] = Math.max(12, (widths[0] ?? 0) - Math.max(0, total(widths) - width));
  return {
    narrow,
    columns,
    heads: columns.map(({ heads }) => ({ text: heads[narrow ? 1 : 0], style: 'dim' })),
    row: (cells, paint) =>
      cells
        .map(({ text, style }, i) => {
          const room = widths[i] ?? 0;
          const shown = text.length > room ? `${text.slice(0, room - 1)}…` : text;
          const pad = ' '.repeat(room - shown.length);
          return columns[i]?.right === true ? pad + paint(shown, style) : paint(shown, style) + pad;
        })
        .join(' '.repeat(GAP))
        .trimEnd(),
  };
}

/** A space at which no line is broken. */
const TOGETHER = '\u00a0';

const siteClock = ({ outageSeconds, siteOutageSeconds }: RunResult): string =>
  siteOutageSeconds === null || siteOutageSeconds === outageSeconds
    ? ''
    : `; on the site's clock, with the modelled time of people, the outage lasts ${duration(siteOutageSeconds).replaceAll(' ', TOGETHER)}`;

/** How the outage came to people's ears, in one sentence; empty where there was none that anybody was asked about. */
function toldText({ detection }: RunResult): string {
  if (detection === null || !detection.peopleAsked) return '';
  const part = (what: string, heard: Heard | null): string[] =>
    heard === null ? [] : [`${what} ${after(heard)}`];
  const { fired, delivered, woke, acknowledged, acts } = detection;
  return (
    `after the outage began at ${detection.outageSiteTime}: ` +
    [
      ...part('fired', fired),
      ...part('delivered', delivered),
      ...(woke === null ? ['woke nobody'] : part(`woke ${woke.who}`, woke)),
      ...(acknowledged === null
        ? ['acknowledged by nobody who could act']
        : part(`acknowledged by ${acknowledged.who}`, acknowledged)),
      ...part('acts', acts),
    ].join(', ')
  );
}

const after = ({ seconds, siteTime }: Heard): string =>
  `${duration(Math.abs(seconds))}${seconds < 0 ? ' before it' : ''} (${siteTime})`.replaceAll(' ', TOGETHER);

const noReturnText = ({ noReturn }: RunResult): string =>
  noReturn === null ? '' : `point of no return at ${noReturn.siteTime}: ${noReturn.says}`;

/** Breaks at spaces, indented; a word that is longer than a line stays whole. */
function folded(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/[ \n\t]+/)) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(`  ${word}`);
  }
  return lines.map((line) => line.replaceAll(TOGETHER, ' '));
}
