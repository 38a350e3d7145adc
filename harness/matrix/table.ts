/** What runs of the matrix have shown, as tables: condition × fault, and fault × alert. Pure. */
import { detect, faultsIn } from '../alerting/detection.ts';
import type { Detection, Noticed } from '../alerting/detection.ts';
import type { Escalation } from '../alerting/escalation.ts';
import { playNight } from '../alerting/night.ts';
import { seeded } from '../alerting/people.ts';
import { at } from '../alerting/site-time.ts';
import type { ConditionRuling, Event, EventOf, History } from '../model/event.ts';
import { FAULTS } from '../faults/catalogue.ts';
import type { Fault } from '../faults/fault.ts';
import { flipDifferences } from '../faults/flips.ts';
import { GRACE_MS } from '../oracles/faults-noticed.ts';

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
        receipt:
          history.some((event) => event.kind === 'receipt' && event.of === seq) &&
          !history.some((event) => event.kind === 'no-receipt' && event.of === seq),
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

/** Of the play alone: while the site is set up, and when its routers are stopped for the last look, alerts are nobody's. */
export function detectionOf(history: History): Detection {
  const beganMs = (phase: string): number | undefined =>
    history.find((event) => event.kind === 'phase' && event.phase === phase)?.atMs;
  const untilMs = beganMs('observe') ?? Infinity;
  const played = history.filter((event) => firedMsOf(event) < untilMs);
  return detect(played, faultsIn(played), { graceMs: GRACE_MS, fromMs: beganMs('disturb') ?? 0 });
}

const firedMsOf = (event: Event): number =>
  event.kind === 'alert' ? event.activeAtMs : event.kind === 'rule' ? event.atMs : -Infinity;

export interface DetectionTable {
  /** Label `set` of the rules that are told about; undefined: ours. */
  readonly set?: string;
  /** Whom a page calls, and how they answer: modelled, on the site's clock. Without them the table ends at the pager. */
  readonly people?: Escalation;
}

const seconds = (ms: number): string => (ms / 1000).toFixed(1);

/** Markdown: each fault with the alerts that came, seconds to fire, to reach somebody, to wake and to be acknowledged. */
export function detectionTable(
  { rows, aftermath, falseAlarms }: Detection,
  { set, people }: DetectionTable = {},
): string {
  const answers = people === undefined ? undefined : answersTo(people);
  const lines = rows.flatMap(({ what, noticed, fromMs, toMs = Infinity }) => {
    const ours = noticed.filter((one) => one.set === set);
    return ours.length === 0
      ? [[what, 'nobody noticed']]
      : ours.map((one) => [
          what,
          one.pages ? `**${one.alert}**` : one.alert,
          one.by ?? '',
          seconds(one.firedAfterMs),
          ...deliveryOf(one, toMs - fromMs, answers),
        ]);
  });
  const alarms = [
    ...aftermath.map((one) => ({ ...one, when: `(${one.of} over, not well yet)` })),
    ...falseAlarms.map((one) => ({ ...one, when: '(nothing was wrong)' })),
  ]
    .filter((one) => one.set === set)
    .map(({ alert, pages, atMs, when }) => [when, pages ? `**${alert}**` : alert, '', `at ${seconds(atMs)}`]);
  const head = ['fault', 'alert', 'from', 'fires after s', 'delivered after s'];
  const heads = answers === undefined ? head : [...head, 'wakes s after that', 'acknowledged s after that'];
  return markdown(
    heads,
    [...lines, ...alarms].map((cells) => [...cells, ...heads.slice(cells.length).map(() => '')]),
  );
}

interface Answers {
  readonly wokenMs: number | undefined;
  readonly acknowledgedMs: number | undefined;
}

/** In the middle of the night, as every page of this site: everybody sleeps, and the way in is there. */
function answersTo({ policy, people, seed }: Escalation): Answers {
  const deliveredAt = at(3, 0, 1);
  const night = playNight({ deliveredAt, policy, people, wayIn: 'routers', draw: seeded(seed) });
  const since = (time: number | undefined): number | undefined =>
    time === undefined ? undefined : (time - deliveredAt) * 1000;
  return {
    wokenMs: since(night.sent.find(({ woke }) => woke)?.at),
    acknowledgedMs: since(night.acknowledged.find(({ cannotAct }) => cannotAct === undefined)?.at),
  };
}

/** What comes when it is over has told nobody of it. */
function deliveryOf(
  { pages, deliveredAfterMs }: Noticed,
  lastsMs: number,
  answers: Answers | undefined,
): readonly string[] {
  if (deliveredAfterMs === undefined) return ['never'];
  const delivered = seconds(deliveredAfterMs);
  if (deliveredAfterMs > lastsMs) return [`${delivered}, when it was over`];
  if (answers === undefined) return [delivered];
  // On the site's clock, and so not added to what rules and routing took on the lab's.
  const after = (ms: number | undefined): string => (ms === undefined ? 'never' : seconds(ms));
  return pages ? [delivered, after(answers.wokenMs), after(answers.acknowledgedMs)] : [delivered, 'mail', ''];
}

export const markdown = (head: readonly string[], lines: readonly (readonly string[])[]): string =>
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
