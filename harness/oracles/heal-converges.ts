/** When all faults have ended, the volume heals within its budget, and stays healed. */
import type { EventOf, History } from '../model/event.ts';
import type { BrickId } from '../model/names.ts';
import type { Verdict } from '../model/verdict.ts';
import { Case, evidence } from './conclude.ts';
import { blamesOf } from './copies.ts';
import { finalLook } from './final-look.ts';
import type { FinalLook } from './final-look.ts';
import { frameOf } from './frame.ts';
import type { Frame } from './frame.ts';
import type { Oracle } from './oracle.ts';
import { count, list, many, seconds } from './say.ts';

export interface HealLimits {
  /** From the end of the play to rest. Without it the scenario's own limit decides (`settled`). */
  readonly budgetSeconds?: number;
}

export function healConverges({ budgetSeconds = Infinity }: HealLimits = {}): Oracle {
  const within = Number.isFinite(budgetSeconds) ? `${budgetSeconds} s` : "the scenario's time for settling";
  return {
    name: 'heal-converges',
    aspect: 'data',
    means: `Once the play is over, every pending heal is finished within ${within}: no brick accuses another one any more`,
    evidence:
      'what was still pending, from the `settled` event; files and bricks that are still accused in the last look',
    check: (history) => check(history, budgetSeconds * 1000),
  };
}

interface Backlog {
  looked: number;
  peak: number;
  peakAt: EventOf<'backlog'> | undefined;
  readonly last: Map<BrickId, EventOf<'backlog'>>;
  healedAtMs: number | undefined;
}

/** Of equal peaks the first, so that the order of arrival does not matter. */
const isHigher = ({ peak, peakAt }: Backlog, pending: number, { atMs }: EventOf<'backlog'>): boolean =>
  pending > peak || (pending > 0 && pending === peak && atMs < (peakAt?.atMs ?? 0));

function backlogOf(history: History): Backlog {
  const backlog: Backlog = { looked: 0, peak: 0, peakAt: undefined, last: new Map(), healedAtMs: undefined };
  for (const event of history) {
    if (event.kind !== 'backlog') continue;
    const before = backlog.last.get(event.brick);
    if (before === undefined || before.atMs <= event.atMs) backlog.last.set(event.brick, event);
    if (!event.counts.seen) continue;
    backlog.looked += 1;
    const pending = event.counts.xattrop + event.counts.entryChanges;
    if (isHigher(backlog, pending, event)) [backlog.peak, backlog.peakAt] = [pending, event];
    if (pending > 0) backlog.healedAtMs = Math.max(backlog.healedAtMs ?? 0, event.atMs);
  }
  return backlog;
}

function check(history: History, budgetMs: number): Verdict {
  const frame = frameOf(history);
  const found = new Case();
  const look = finalLook(history, frame, found);
  const backlog = backlogOf(history);
  if (backlog.looked === 0) found.doubt('nobody ever counted the backlog of a brick');
  judgeSettled(found, look?.settled ?? settledOf(history), budgetMs, frame);
  if (look !== undefined) judgeRest(found, look, frame);
  const peak =
    backlog.peakAt === undefined
      ? 'no heal was ever pending'
      : `at most ${many(backlog.peak, 'entry', 'entries')} pending (${backlog.peakAt.brick}), none after ${seconds(backlog.healedAtMs ?? 0)}`;
  return found.conclude(frame, {
    broken: () => `the volume did not heal: ${found.summary()}`,
    holds: () => `${peak}; at rest ${seconds(look?.settled?.tookMs ?? 0)} after the play`,
    looked: backlog.looked,
  });
}

const settledOf = (history: History): EventOf<'settled'> | undefined =>
  history.findLast((event) => event.kind === 'settled');

function judgeSettled(
  found: Case,
  settled: EventOf<'settled'> | undefined,
  budgetMs: number,
  frame: Frame,
): void {
  if (settled === undefined) {
    found.doubt('nobody waited for the volume to settle');
    return;
  }
  const atMs = settled.atMs;
  if (!settled.ok)
    found.find({
      what: `after ${seconds(settled.tookMs)} still pending: ${list(settled.pending)}`,
      evidence: evidence(settled.seq),
      atMs,
    });
  else if (settled.tookMs > budgetMs)
    found.find({
      what: `it took ${seconds(settled.tookMs)}, ${seconds(settled.tookMs - budgetMs)} more than the budget`,
      evidence: evidence(frame.phases.get('settle')?.seq ?? settled.seq, settled.seq),
      atMs,
    });
}

/** "Settled" is what somebody said; the bricks must say the same. */
function judgeRest(found: Case, { event, view }: FinalLook, frame: Frame): void {
  let accused = 0;
  for (const copies of view.files)
    for (const { word, matrix } of blamesOf(view, copies, frame.spec?.volume)) {
      accused += 1;
      const sick = view.bricks
        .filter((_, j) => matrix.some((row) => (row[j] ?? 0) > 0))
        .map(({ brick }) => brick);
      const [brick] = sick;
      found.find({
        what: `${copies.name} still waits for its ${word} to be healed on ${list(sick)}`,
        evidence: evidence(event.seq),
        file: copies.path,
        ...(brick === undefined ? {} : { brick }),
        atMs: event.atMs,
      });
    }
  const { cli } = event.snapshot;
  for (const { brick, entries } of cli.seen ? cli.healInfo : [])
    if (accused === 0 && entries.seen && entries.count > 0)
      found.doubt(
        `heal info still lists ${count(entries.count)} files on ${brick} at the end, though none that was read is accused`,
      );
  for (const { brick, index } of view.bricks) {
    if (!index.seen) found.doubt(`the index of ${brick} was not read at the end: ${index.because}`);
    else if (accused === 0 && index.xattrop + index.entryChanges > 0)
      found.doubt(
        `the index of ${brick} still lists ${count(index.xattrop + index.entryChanges)} at the end, ` +
          'though no file that was read is accused: stale entries, or files that nobody read',
      );
  }
}
