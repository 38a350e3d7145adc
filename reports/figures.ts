/** The numbers of the final table, each with its definition. Pure: everything comes from the history. */
import { pages, siteClockOf } from '../harness/index.ts';
import type { EventOf, History, VolumeSnapshot } from '../harness/index.ts';
import { lostWritesOf } from './lost-writes.ts';
import { detectionOf, noReturnFigures } from './detection.ts';
import type { Detection, NoReturnFigures } from './detection.ts';
import { OUTAGE_LONGER_THAN_MS, outagesOf, playOf } from './outages.ts';

/** `null` = not known from this history; it never means zero. */
export interface Figures {
  /** Sum of the customer's outages during the play (see `outagesOf`), on the lab's clock. */
  readonly outageSeconds: number | null;
  /** The longest one of them. */
  readonly longestOutageSeconds: number | null;
  /** `outageSeconds` plus the modelled seconds of people that passed during these outages: as the site's owner would have lived it. */
  readonly outageSecondsSiteClock: number | null;
  /** The most files that were in split-brain in any one snapshot, by the highest of: each brick's list of `heal info`, and the judged state where one is given. */
  readonly splitBrainFiles: number | null;
  /** Acknowledged records of all routers that the final snapshot's disks lack, or that a restore rolled back (see `lostWritesOf`). */
  readonly lostWrites: number | null;
  /** From the begin of the longest outage to the first page that reaches a receiver after it. `null` also when there was no outage or no page. */
  readonly firstAlertSeconds: number | null;
  /** How the longest outage came to people's ears. `null` also when there was no outage. */
  readonly detection: Detection | null;
  /** The moment from which data or service was bound to be lost, and whether anybody had been told. */
  readonly noReturn: NoReturnFigures | null;
  /** From the run's begin to its last event: set-up, play and teardown, on the lab's clock. */
  readonly durationSeconds: number;
}

export interface FigureOptions {
  readonly outageLongerThanMs?: number;
  /** How many files of a snapshot are in split-brain by the bricks' own attributes; undefined = undecidable. */
  readonly splitBrainIn?: (snapshot: VolumeSnapshot) => number | undefined;
}

export function figuresOf(history: History, options: FigureOptions = {}): Figures {
  const customerLooked = history.some((event) => event.kind === 'probe' && event.by === 'customer');
  const outages = outagesOf(history, 'customer', options.outageLongerThanMs ?? OUTAGE_LONGER_THAN_MS);
  const lasting = outages.map(({ fromMs, toMs }) => (toMs - fromMs) / 1000);
  const sum = lasting.reduce((a, b) => a + b, 0);
  const clock = siteClockOf(history);
  const modelled = outages.reduce((total, outage) => total + clock.modelledSeconds(outage), 0);
  const known = (seconds: number): number | null => (customerLooked ? round(seconds) : null);
  const longest = outages.toSorted((a, b) => b.toMs - b.fromMs - (a.toMs - a.fromMs))[0];
  return {
    outageSeconds: known(sum),
    longestOutageSeconds: known(Math.max(0, ...lasting)),
    outageSecondsSiteClock: known(sum + modelled),
    splitBrainFiles: splitBrainFiles(history, options.splitBrainIn),
    lostWrites: lostWritesOf(history) ?? null,
    firstAlertSeconds: longest === undefined ? null : firstAlertAfter(history, longest.fromMs),
    detection: detectionOf(history, longest),
    noReturn: noReturnFigures(history, playOf(history).fromMs),
    durationSeconds: round(history.reduce((latest, { atMs }) => Math.max(latest, atMs), 0) / 1000),
  };
}

const round = (seconds: number): number => Math.round(seconds * 10) / 10;

function splitBrainFiles(history: History, judged?: FigureOptions['splitBrainIn']): number | null {
  let most: number | null = null;
  for (const { snapshot } of history.filter((event) => event.kind === 'observed')) {
    const counts = snapshot.cli.seen
      ? snapshot.cli.healInfo.map(({ inSplitBrain }) => inSplitBrain.length)
      : [];
    const byBricks = judged?.(snapshot);
    for (const count of byBricks === undefined ? counts : [...counts, byBricks])
      most = Math.max(most ?? 0, count);
  }
  return most;
}

function firstAlertAfter(history: History, fromMs: number): number | null {
  const first = history
    .filter((event): event is EventOf<'alert'> => event.kind === 'alert' && event.state === 'firing')
    .filter(pages)
    .filter(({ atMs }) => atMs >= fromMs)
    .reduce((earliest, { atMs }) => Math.min(earliest, atMs), Number.POSITIVE_INFINITY);
  return Number.isFinite(first) ? round((first - fromMs) / 1000) : null;
}
