/** Asks a gate until it opens, or until waiting makes no sense any more. Looks and the clock come through ports. */
import type { GateFacts } from '../gates/facts.ts';
import { judgeGate, onlyTheWindow, shutForGood } from '../gates/gate.ts';
import type { Answer, Gate, GateQuestion } from '../gates/gate.ts';
import { nextAfter, restAfter } from '../run/pace.ts';
import type { Clock } from '../run/ports.ts';
import { backlogOf, glanceSuffices, shutByIndex, stalledFor, trendOf } from '../gates/backlog.ts';
import type { Backlog, Trend } from '../gates/backlog.ts';

export interface Waiting {
  readonly gate: Gate;
  readonly question: GateQuestion;
  readonly look: (signal: AbortSignal) => Promise<GateFacts>;
  /** Lists the indices alone, which costs a site far less than a look. Without it every question is a look. */
  readonly glance?: (signal: AbortSignal) => Promise<Backlog>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** For how long to ask, milliseconds; 0: the looks that the gate's stability needs, and some more for what may be a writer. */
  readonly waitMs: number;
  /** Time between looks while something is pending, milliseconds. */
  readonly everyMs: number;
  /** Without a decrease of the backlog for so long, the heal counts as stalled. */
  readonly stallMs: number;
  /** Called after every look and glance. */
  readonly told?: (progress: Progress) => void;
}

export interface Progress {
  /** Looks taken so far, whether they still count or not. */
  readonly looks: number;
  readonly answer: Answer;
  readonly facts: GateFacts;
  readonly backlog: Backlog;
  readonly trend: Trend | undefined;
  /** Since the first look, milliseconds. */
  readonly tookMs: number;
}

/** Why it ended. `hopeless`: refused, or not known, for a reason that does not go away by itself. `late`: the time to wait is over. */
export interface Ended extends Progress {
  readonly because: 'open' | 'asked' | 'hopeless' | 'stalled' | 'late' | 'interrupted';
  /** For how long nothing has healed, milliseconds. */
  readonly stalledMs: number;
}

export async function waitForGate(waiting: Waiting): Promise<Ended> {
  const { gate, question, clock, signal, told } = waiting;
  const began = clock.epochMs();
  const looks: GateFacts[] = [];
  const backlogs: Backlog[] = [];
  let before: Progress | undefined;
  let taken = 0;
  for (;;) {
    const facts = await waiting.look(signal);
    // A look that was interrupted saw nothing; the one before it is the last word.
    if (signal.aborted && before !== undefined)
      return { ...before, because: 'interrupted', stalledMs: stalledFor(backlogs) };
    taken += 1;
    looks.push(facts);
    const backlog = backlogOf(facts);
    backlogs.push(backlog);
    forget(gate, looks);
    const answer = judgeGate(gate, question, looks);
    const progress: Progress = {
      looks: taken,
      answer,
      facts,
      backlog,
      trend: trendOf(backlogs),
      tookMs: clock.epochMs() - began,
    };
    const stalledMs = stalledFor(backlogs);
    const because = signal.aborted ? 'interrupted' : over(waiting, progress, stalledMs);
    told?.(progress);
    if (because !== undefined) return { ...progress, because, stalledMs };
    before = progress;
    await clock.pause(pauseMs(waiting, answer, facts, clock.epochMs()), signal);
    const ended = await glances(waiting, progress, backlogs, began);
    if (ended !== undefined) return ended;
  }
}

/** While an index keeps the gate shut, it alone is listed; undefined when it is time for a look. */
async function glances(
  { glance, clock, signal, told, everyMs, waitMs, stallMs }: Waiting,
  last: Progress,
  backlogs: Backlog[],
  began: number,
): Promise<Ended | undefined> {
  if (glance === undefined || waitMs === 0) return undefined;
  let progress = last;
  while (glanceSuffices(last.answer, progress.backlog, last.facts, clock.epochMs())) {
    const askedMs = clock.epochMs();
    const backlog = await glance(signal);
    if (signal.aborted) return { ...progress, because: 'interrupted', stalledMs: stalledFor(backlogs) };
    backlogs.push(backlog);
    progress = { ...progress, backlog, trend: trendOf(backlogs), tookMs: clock.epochMs() - began };
    const stalledMs = stalledFor(backlogs);
    told?.(progress);
    // The last word is a look's, so that all of it is of one moment.
    if (!shutByIndex(last.answer, backlog) || progress.tookMs >= waitMs) return undefined;
    if (stalledMs >= stallMs) return { ...progress, because: 'stalled', stalledMs };
    await clock.pause(restAfter(askedMs, clock.epochMs(), everyMs), signal);
  }
  return undefined;
}

/** So many looks are remembered at all; their numbers show whether a backlog comes back. */
const REMEMBERED = 1000;

/** Looks that no window can need, those before the newest stretch that is long enough, keep no files: there may be thousands. */
function forget({ stability }: Gate, looks: GateFacts[]): void {
  if (looks.length > REMEMBERED) looks.shift();
  const last = looks.at(-1);
  if (last === undefined) return;
  const first = looks.findLastIndex((one) => last.atMs - one.atMs >= stability.spanMs);
  const needed = Math.min(first, looks.length - stability.looks);
  for (let index = needed - 1; index >= 0; index -= 1) {
    const look = looks[index];
    if (look === undefined || isLight(look)) return;
    looks[index] = { ...look, bricks: look.bricks.map((one) => (one.seen ? { ...one, files: [] } : one)) };
  }
}

const isLight = (look: GateFacts): boolean => look.bricks.every((one) => !one.seen || one.files.length === 0);

function over(
  { gate, waitMs, stallMs }: Waiting,
  { answer, looks, tookMs }: Progress,
  stalledMs: number,
): Ended['because'] | undefined {
  if (answer.kind === 'open') return 'open';
  const isInVain = answer.kind === 'refused' || (answer.kind === 'unknown' && waitMs > 0);
  if (isInVain && !answer.worthWaiting) return 'hopeless';
  if (waitMs === 0) {
    // Some conditions tell a live writer from a wound by looking several times, so one look is no answer. Once the looks are taken and
    // something else than the window keeps the gate shut, more of them change nothing, unless it may be a writer.
    const { looks: wanted, spanMs } = gate.stability;
    // One look shuts the window for good. The other profiles look on for the rate at which a backlog falls; a fast answer has none.
    if (gate.profile === 'fast' && shutForGood(answer)) return 'asked';
    if (looks < Math.min(wanted, ENOUGH.looks) || tookMs < Math.min(spanMs, ENOUGH.ms)) return undefined;
    return looks < looksFor(gate, answer) ? undefined : 'asked';
  }
  if (stalledMs >= stallMs) return 'stalled';
  return tookMs >= waitMs ? 'late' : undefined;
}

/** A soak of minutes is only waited for while all else is open. */
const ENOUGH = { looks: 3, ms: 2000 };
/** Looks that lie too far apart for a window never fill it: so many times as many are taken. */
const MOST_ROUNDS = 5;
/** A live writer shuts two looks in a row now and then; only what stays longer is called a wound. */
const MORE_FOR_A_WRITER = 3;

/** How many looks an answer is worth to whoever does not wait. */
function looksFor({ profile, stability }: Gate, answer: Answer): number {
  if (onlyTheWindow(answer))
    return answer.stability.kind === 'open' ? 0 : MOST_ROUNDS * Math.max(stability.looks, ENOUGH.looks);
  // `fast` has to answer, and `deep` reads every byte at each look.
  return profile !== 'full' || shutForGood(answer) ? 0 : ENOUGH.looks + MORE_FOR_A_WRITER;
}

function pauseMs(
  { gate, waitMs, everyMs }: Waiting,
  answer: Answer,
  facts: GateFacts,
  nowMs: number,
): number {
  const { looks, spanMs } = gate.stability;
  const inWindow = Math.ceil(spanMs / Math.max(1, looks - 1));
  const pending = waitMs === 0 ? Math.min(inWindow, ENOUGH.ms / (ENOUGH.looks - 1)) : everyMs;
  // The window is to be closed soon; what is pending otherwise takes its time.
  return onlyTheWindow(answer)
    ? nextAfter(facts.atMs, nowMs, inWindow)
    : restAfter(facts.atMs, nowMs, pending);
}
