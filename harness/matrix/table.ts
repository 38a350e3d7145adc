/** What runs of the matrix have shown, as tables: condition × fault, and fault × alert. Pure. */
import { detect, faultsIn } from '../alerting/detection.ts';
import type { Detection } from '../alerting/detection.ts';
import type { ConditionRuling, EventOf, History } from '../model/event.ts';
import { FAULTS } from '../faults/catalogue.ts';
import type { Fault } from '../faults/fault.ts';
import { flipDifferences } from '../faults/flips.ts';

export interface MatrixRow {
  readonly fault: string;
  readonly target: string;
  /** The last answers while it was on; empty when the gate was not asked. */
  readonly rulings: readonly ConditionRuling[];
  /** Whether somebody else saw that it took effect. */
  readonly receipt: boolean;
  readonly differences: readonly string[];
}

export function flipsOf(history: History): readonly MatrixRow[] {
  return history
    .filter((event) => event.kind === 'fault-began')
    .map(({ seq, fault, target }) => {
      const last = history.findLast((event) => event.kind === 'ruled' && event.of === seq) as
        | EventOf<'ruled'>
        | undefined;
      const rulings = last?.rulings ?? [];
      return {
        fault,
        target,
        rulings,
        receipt: history.some((event) => event.kind === 'receipt' && event.of === seq),
        differences: last === undefined ? ['not asked'] : differencesOf(fault, rulings),
      };
    });
}

/** A bundle may be older than the catalogue. */
function differencesOf(name: string, rulings: readonly ConditionRuling[]): readonly string[] {
  const fault = FAULTS.find((one) => one.name === name);
  return fault === undefined ? ['not in the catalogue any more'] : flipDifferences(fault, rulings);
}

const SIGNS = { open: '·', held: 'held', refused: '**refused**', unknown: 'unknown' } as const;

/** Markdown; conditions as columns, in the order in which they were asked. */
export function matrixTable(rows: readonly MatrixRow[]): string {
  const codes = [...new Set(rows.flatMap(({ rulings }) => rulings.map(({ code }) => code)))];
  const cell = (row: MatrixRow, code: string): string => {
    const ruling = row.rulings.find((one) => one.code === code);
    if (ruling === undefined) return '';
    return ruling.waived && ruling.kind !== 'open' ? 'waived' : SIGNS[ruling.kind];
  };
  const lines = rows.map((row) => [
    row.fault,
    ...codes.map((code) => cell(row, code)),
    row.receipt ? row.differences.join('; ') || 'as expected' : 'nobody saw that it took effect',
  ]);
  return markdown(['fault', ...codes, ''], lines);
}

/** An alert may still come for this long after a fault has ended: rules have a `for`, the pager a way. */
const GRACE_MS = 5000;

/** Of the play alone: while the site is set up, and when its routers are stopped for the last look, alerts are nobody's. */
export function detectionOf(history: History): Detection {
  const at = (phase: string): number | undefined =>
    history.find((event) => event.kind === 'phase' && event.phase === phase)?.atMs;
  const untilMs = at('observe') ?? Infinity;
  const played = history.filter((event) => event.kind !== 'alert' || event.activeAtMs < untilMs);
  return detect(played, faultsIn(played), { graceMs: GRACE_MS, fromMs: at('disturb') ?? 0 });
}

/** Markdown: each fault with the alerts that came, seconds to fire and to reach the pager. */
export function detectionTable({ rows, falseAlarms }: Detection): string {
  const seconds = (ms: number): string => (ms / 1000).toFixed(1);
  const lines = rows.flatMap(({ what, noticed }) =>
    noticed.length === 0
      ? [[what, 'nobody noticed', '', '']]
      : noticed.map(({ alert, pages, firedAfterMs, deliveredAfterMs }) => [
          what,
          pages ? `**${alert}**` : alert,
          seconds(firedAfterMs),
          seconds(deliveredAfterMs),
        ]),
  );
  const alarms = falseAlarms.map(({ alert, atMs }) => [
    '(nothing was wrong)',
    alert,
    `at ${seconds(atMs)}`,
    '',
  ]);
  return markdown(['fault', 'alert', 'fires after s', 'delivered after s'], [...lines, ...alarms]);
}

const markdown = (head: readonly string[], lines: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** Markdown; the catalogue itself. */
export function catalogueTable(faults: readonly Fault[]): string {
  const lines = faults.map((fault) => [
    fault.name,
    fault.says,
    fault.standsFor,
    fault.shuts.map(({ code }) => code).join(' ') || 'none',
    fault.receipt,
    fault.ends,
    fault.limit,
  ]);
  return markdown(
    ['fault', 'what goes wrong', 'stands for', 'must shut', 'receipt', 'how it ends', 'limit'],
    lines,
  );
}

/** Puts `text` between the two marks of `name`. Throws when the file has no such marks. */
export function withSection(file: string, name: string, text: string): string {
  const [begin, end] = [file.indexOf(`<!-- ${name}: made`), file.indexOf(`<!-- ${name}: end -->`)];
  if (begin < 0 || end < begin) throw new Error(`there is no section "${name}" to fill`);
  const head = file.slice(0, file.indexOf('-->', begin) + 3);
  return `${head}\n\n${text}\n\n${file.slice(end)}`;
}
