/** The numbers of the final table, each with its definition. Pure: everything comes from the history. */
import { firstDeliveries, pages, siteClockOf } from '../harness/index.ts';
import type { History, VolumeSnapshot } from '../harness/index.ts';
import { lostWritesOf } from './lost-writes.ts';
import { detectionOf, noReturnFigures } from './detection.ts';
import type { Detection, NoReturnFigures } from './detection.ts';
import { OUTAGE_LONGER_THAN_MS, outagesOf, phaseBegan, playOf } from './outages.ts';

/** `null` = not known from this history; it never means zero. */
export interface Figures {
  /** Sum of the customer's outages during the play (see `outagesOf`), on the lab's clock; not known when the customer did not look for longer than 5 s. */
  readonly outageSeconds: number | null;
  /** The longest one of them. */
  readonly longestOutageSeconds: number | null;
  /** `outageSeconds` plus the modelled seconds of people that passed during these outages: as the site's owner would have lived it. */
  readonly outageSecondsSiteClock: number | null;
  /** The most files that were in split-brain in any one snapshot, by the highest of: each brick's list of `heal info`, and the judged state where one is given. */
  readonly splitBrainFiles: number | null;
  /** Acknowledged records of all routers that the final snapshot's disks lack, or that a restore rolled back (see `lostWritesOf`). */
  readonly lostWrites: number | null;
  /** From the begin of the longest outage to the first page that reaches a receiver after it, for the first time. `null` also when there was no outage or no page. */
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
  const customerLooked = lookedAllTheTime(history);
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

/** Longer silence of the customer than this, and nobody knows whether the site was there, milliseconds. */
const SILENCE_MS = 5000;

/** The customer probed each target through the whole play; a run that was not played has no play. */
function lookedAllTheTime(history: History): boolean {
  if (history.some(({ kind }) => kind === 'phase') && phaseBegan(history, 'disturb') === undefined)
    return false;
  const { fromMs, toMs } = playOf(history);
  const probes = history.filter((event) => event.kind === 'probe').filter(({ by }) => by === 'customer');
  const targets = Map.groupBy(probes, ({ target }) => target);
  return (
    targets.size > 0 &&
    [...targets.values()].every((ofOne) => {
      const times = [fromMs, ...ofOne.map(({ atMs }) => atMs).filter((at) => at > fromMs && at < toMs), toMs];
      return times
        .toSorted((a, b) => a - b)
        .every((at, index, all) => at - (all[index - 1] ?? at) <= SILENCE_MS);
    })
  );
}

const round = (seconds: number): number => Math.round(seconds * 10) / 10;

function splitBrainFiles(history: History, judged?: FigureOptions['splitBrainIn']): number | null {
  let most: number | null = null;
  for (const { snapshot } of history.filter((event) => event.kind === 'observed')) {
    const counts = snapshot.cli.seen
      ? snapshot.cli.healInfo.map(({ inSplitBrain }) => inSplitBrain.length)
      : [];
    const byBricks = judged?.(snapshot);
    // An empty list proves nothing while a brick was not seen.
    const proven =
      judged === undefined || byBricks !== undefined ? counts : counts.filter((count) => count > 0);
    for (const count of byBricks === undefined ? proven : [...proven, byBricks])
      most = Math.max(most ?? 0, count);
  }
  return most;
}

function firstAlertAfter(history: History, fromMs: number): number | null {
  // A repeat of what was told before calls nobody.
  const first = firstDeliveries(history)
    .filter((alert) => pages(alert))
    .filter(({ atMs }) => atMs >= fromMs)
    .reduce((earliest, { atMs }) => Math.min(earliest, atMs), Number.POSITIVE_INFINITY);
  return Number.isFinite(first) ? round((first - fromMs) / 1000) : null;
}
