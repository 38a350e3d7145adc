/** What every oracle must know of a history before it believes it: is it whole, was the run aborted, when was the disturbance. */
import type { EventOf, History, Phase } from '../model/event.ts';
import type { SiteSpec } from '../model/site.ts';

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Frame {
  /** Empty until a `run-began` was seen. */
  readonly began: EventOf<'run-began'> | undefined;
  readonly spec: SiteSpec | undefined;
  /** First event of each phase. */
  readonly phases: ReadonlyMap<Phase, EventOf<'phase'>>;
  /** From the begin of `disturb` to the begin of `settle`; undefined when the play never began. */
  readonly disturb: Span | undefined;
  /** From the begin of `disturb` to the begin of `observe`, when traffic is stopped. */
  readonly served: Span | undefined;
  /** Why nothing can be said to hold on this history; undefined when it is whole. */
  readonly incomplete: string | undefined;
}

/** What routers say is stamped by one process in the order of its arrival: measured, its time never falls. */
const MOST_JITTER_MS = 1000;

/** Evidence is whole when the run came as far as `close`: nothing is looked at after it. */
const NEEDED: readonly Phase[] = ['disturb', 'settle', 'observe', 'close'];

export function frameOf(history: History): Frame {
  const phases = new Map<Phase, EventOf<'phase'>>();
  let began: EventOf<'run-began'> | undefined;
  let aborted: EventOf<'aborted'> | undefined;
  let missing: string | undefined;
  let arrivedMs = 0;
  for (let index = 0; index < history.length; index += 1) {
    const event = history[index];
    if (event === undefined) continue;
    if (event.seq !== index && missing === undefined)
      missing = `event ${index} is missing from the history (found ${event.seq} in its place)`;
    if (event.kind === 'heartbeat' || event.kind === 'write-acknowledged') {
      if (arrivedMs - event.atMs > MOST_JITTER_MS)
        missing ??= `the clock was set back by ${((arrivedMs - event.atMs) / 1000).toFixed(1)} s before event ${event.seq}: no duration can be trusted`;
      arrivedMs = event.atMs;
    }
    if (event.kind === 'run-began') began ??= event;
    else if (event.kind === 'aborted') aborted ??= event;
    else if (event.kind === 'phase' && !phases.has(event.phase)) phases.set(event.phase, event);
  }
  const disturb = phases.get('disturb')?.atMs;
  const settle = phases.get('settle')?.atMs;
  const observe = phases.get('observe')?.atMs;
  const lastMs = history.at(-1)?.atMs ?? 0;
  const until = (toMs: number): Span | undefined =>
    disturb === undefined ? undefined : { fromMs: disturb, toMs: Math.max(disturb, toMs) };
  return {
    began,
    spec: began?.spec,
    phases,
    disturb: until(settle ?? observe ?? lastMs),
    served: until(observe ?? lastMs),
    incomplete: whyIncomplete(history, began, phases, aborted, missing),
  };
}

function whyIncomplete(
  history: History,
  began: EventOf<'run-began'> | undefined,
  phases: ReadonlyMap<Phase, unknown>,
  aborted: EventOf<'aborted'> | undefined,
  missing: string | undefined,
): string | undefined {
  if (history.length === 0) return 'the history is empty';
  if (aborted !== undefined) return `the run was aborted: ${aborted.because}`;
  if (began === undefined) return 'the beginning of the history is missing';
  if (missing !== undefined) return missing;
  const absent = NEEDED.find((phase) => !phases.has(phase));
  return absent === undefined
    ? undefined
    : `the history is cut off: it never came to "${absent}" (${history.length} events)`;
}
