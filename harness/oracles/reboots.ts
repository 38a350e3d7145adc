/** When nodes went down: by a step that says so, or by whatever made the machine room see them go. */
import type { EventOf, History } from '../model/event.ts';
import type { NodeName } from '../model/names.ts';
import type { Span } from './frame.ts';
import { Samples } from './samples.ts';

/** States of the samples in `nodeStates`. */
export const UP = 0;
const DOWN = 1;
const BOOTING = 2;
const STATE = { up: UP, down: DOWN, booting: BOOTING } as const;

/** `reboot` and its relatives where a command begins; `qm shutdown 101` and `/run/reboot-required` are not meant. */
const DOWN_COMMAND =
  /(?:^|[;&|(]\s*|\b(?:sudo|then|do|else|exec|nohup)\s+)(?:\/?(?:usr\/)?s?bin\/)?(?:reboot|poweroff|halt|shutdown|kexec)(?![\w-])|systemctl\s+(?:-\S+\s+)*(?:reboot|poweroff|halt|kexec)\b/;

/** A shell line that takes its own node down when it runs. */
export const isReboot = (command: string): boolean => DOWN_COMMAND.test(command.trim());

/** Power states of each node, in order of time. */
export function nodeStates(history: History): ReadonlyMap<NodeName, Samples> {
  const states = new Map<NodeName, Samples>();
  for (const event of history) {
    if (event.kind !== 'node') continue;
    let samples = states.get(event.node);
    if (samples === undefined) states.set(event.node, (samples = new Samples()));
    samples.push(event.atMs, STATE[event.state], event.seq);
  }
  return states;
}

export interface Reboot {
  readonly node: NodeName;
  /** When it was decided: the begin of the step, or when the node was seen to go. */
  readonly atMs: number;
  readonly seq: number;
  readonly step: EventOf<'step-began'> | undefined;
  readonly ended: EventOf<'step-ended'> | undefined;
}

/** The machine room's clock and the step's may differ by the time that an event is on its way. */
const SLACK_MS = 2000;

/**
 * Every time a node was taken down in the window: reboot steps, and nodes that went down with neither a reboot step nor a
 * fault of their own running (an external script does that). Faults are left out: nobody asked a gate about them.
 */
export function rebootsOf(history: History, window: Span): readonly Reboot[] {
  const { steps, faults, downs } = collect(history, window);
  const meant = new Map<string, Span[]>();
  const mean = (name: string, span: Span) => {
    const spans = meant.get(name);
    if (spans === undefined) meant.set(name, [span]);
    else spans.push(span);
  };
  const seenDown = new Map<NodeName, Samples>();
  for (const { node, atMs, seq } of downs) {
    let samples = seenDown.get(node);
    if (samples === undefined) seenDown.set(node, (samples = new Samples()));
    samples.push(atMs, DOWN, seq);
  }
  const carriedOut = [...steps.values()].filter((step) => wasCarriedOut(step, seenDown));
  const reboots = carriedOut.map(({ began, ended }): Reboot => ({
    node: began.node as NodeName,
    atMs: began.atMs,
    seq: began.seq,
    step: began,
    ended,
  }));
  for (const step of carriedOut) mean(step.began.node as NodeName, spanOf(step));
  for (const { began, toMs } of faults.values())
    for (const name of began.target.split(/[^\w.-]+/))
      mean(name, { fromMs: began.atMs - SLACK_MS, toMs: toMs + SLACK_MS });
  const covers = new Map([...meant].map(([name, spans]) => [name, coverage(spans)] as const));
  const byItself = downs
    .filter(({ node, atMs }) => covers.get(node)?.(atMs) !== true)
    .map(({ node, atMs, seq }): Reboot => ({ node, atMs, seq, step: undefined, ended: undefined }));
  return [...reboots, ...byItself].sort((a, b) => a.atMs - b.atMs || a.seq - b.seq);
}

/** How long after its step ended badly a node may still go down by it. */
const LATE_MS = 10_000;

type Step = { readonly began: EventOf<'step-began'>; readonly ended?: EventOf<'step-ended'> };

const spanOf = ({ began, ended }: Step): Span => ({
  fromMs: began.atMs - SLACK_MS,
  toMs: (ended?.atMs ?? Infinity) + (ended?.outcome.kind === 'done' ? SLACK_MS : LATE_MS),
});

/**
 * A step that ended badly has rebooted nothing unless the node was seen to go: an operator who is locked out types `reboot`
 * into the void.
 */
function wasCarriedOut(step: Step, downs: ReadonlyMap<NodeName, Samples>): boolean {
  const { began, ended } = step;
  if (ended === undefined || ended.outcome.kind === 'done') return true;
  const { fromMs, toMs } = spanOf(step);
  const down = began.node === undefined ? undefined : downs.get(began.node)?.after(fromMs - 1);
  return down !== undefined && down.atMs <= toMs;
}

function collect(history: History, window: Span) {
  const steps = new Map<number, { began: EventOf<'step-began'>; ended?: EventOf<'step-ended'> }>();
  const faults = new Map<number, { began: EventOf<'fault-began'>; toMs: number }>();
  const downs: EventOf<'node'>[] = [];
  const down = new Set<NodeName>();
  const within = (atMs: number) => atMs >= window.fromMs && atMs <= window.toMs;
  for (const event of history) {
    if (event.kind === 'step-began') {
      if (event.node !== undefined && within(event.atMs) && isReboot(event.command))
        steps.set(event.seq, { began: event });
    } else if (event.kind === 'step-ended') {
      const step = steps.get(event.of);
      if (step !== undefined) step.ended = event;
    } else if (event.kind === 'fault-began') faults.set(event.seq, { began: event, toMs: Infinity });
    else if (event.kind === 'fault-ended') {
      const fault = faults.get(event.of);
      if (fault !== undefined) fault.toMs = event.atMs;
    } else if (event.kind === 'node') {
      if (event.state === 'down' && !down.has(event.node) && within(event.atMs)) downs.push(event);
      if (event.state === 'down') down.add(event.node);
      else down.delete(event.node);
    }
  }
  return { steps, faults, downs };
}

/** Whether a moment lies in one of the spans, found in logarithmic time. */
function coverage(spans: readonly Span[]): (atMs: number) => boolean {
  const sorted = spans.toSorted((a, b) => a.fromMs - b.fromMs);
  const reach: number[] = [];
  for (const { toMs } of sorted) reach.push(Math.max(reach.at(-1) ?? -Infinity, toMs));
  return (atMs) => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sorted[middle]?.fromMs ?? Infinity) <= atMs) low = middle + 1;
      else high = middle;
    }
    return (reach[low - 1] ?? -Infinity) >= atMs;
  };
}
