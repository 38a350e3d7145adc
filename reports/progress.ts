/** Live progress: one line for each event that is worth telling. */
import type { Event, EventOf, GateDecision, StepOutcome } from '../harness/index.ts';
import { duration } from './timeline/text.ts';

/** Tells the events of one run, in order; answers undefined for chatter. Keeps only what it needs to tell changes from repetitions. */
export type TellProgress = (event: Event) => string | undefined;

/** Make one per run and hand it every event (`onEvent` of the journal). */
export function progressTeller(): TellProgress {
  const last = new Map<string, string>();
  const began = new Map<number, EventOf<'step-began' | 'fault-began'>>();
  const changed = (key: string, to: string): boolean => {
    const was = last.get(key);
    last.set(key, to);
    return was !== to;
  };
  return (event) => {
    if (event.kind === 'step-began' || event.kind === 'fault-began') began.set(event.seq, event);
    const of = event.kind === 'step-ended' || event.kind === 'fault-ended' ? began.get(event.of) : undefined;
    const said = changeIn(event, changed) ?? sayOne(event, of);
    return said === undefined ? undefined : `${elapsed(event.atMs)}  ${said}`;
  };
}

/** `  1:02.3` */
function elapsed(atMs: number): string {
  const tenths = Math.max(0, Math.round(atMs / 100));
  const seconds = (tenths % 600) / 10;
  return `${String(Math.floor(tenths / 600)).padStart(3)}:${seconds.toFixed(1).padStart(4, '0')}`;
}

const WHO = { customer: 'the customer', operator: 'the operator', offsite: 'the offsite poller' } as const;

/** Events that repeat: told when they differ from the one before of the same subject. */
function changeIn(event: Event, changed: (key: string, to: string) => boolean): string | undefined {
  switch (event.kind) {
    case 'gate': {
      const says = gateSays(event.decision);
      const key = `gate ${event.gate} ${event.node}`;
      // Numbers that count down are not news; another reason is.
      return changed(key, says.replace(/\d+/g, '#'))
        ? `gate ${event.gate} for ${event.node}: ${says}`
        : undefined;
    }
    case 'node':
      return changed(`node ${event.node}`, event.state) ? `${event.node} is ${event.state}` : undefined;
    case 'vm': {
      const detail = event.detail === '' ? '' : `: ${event.detail}`;
      return changed(`vm ${event.router}`, `${event.state} ${event.node}${detail}`)
        ? `${event.router} on ${event.node}: ${event.state}${detail}`
        : undefined;
    }
    case 'heartbeat':
      return changed(`role ${event.router}`, event.role) ? `${event.router} is ${event.role}` : undefined;
    case 'write-failed':
      return changed(`write ${event.router}`, event.errno)
        ? `${event.router}: ${event.what} of record ${event.record} failed with ${event.errno}`
        : undefined;
    case 'probe': {
      const was = changed(`probe ${event.by} ${event.target}`, String(event.ok));
      return was ? probeSays(event) : undefined;
    }
    default:
      return undefined;
  }
}

const probeSays = ({ by, target, ok, detail }: EventOf<'probe'>): string =>
  ok
    ? `${WHO[by]} reaches ${target}`
    : `${WHO[by]} can't reach ${target}${detail === '' ? '' : `: ${detail}`}`;

function gateSays(decision: GateDecision): string {
  switch (decision.kind) {
    case 'open':
      return 'open';
    case 'held':
      return `holds, waiting: ${decision.summary ?? decision.waitingFor.join(', ')}`;
    case 'refused':
      return `refuses: ${decision.summary ?? decision.because.join(', ')}`;
  }
}

/** Events that are news each time. */
function sayOne(event: Event, of: EventOf<'step-began' | 'fault-began'> | undefined): string | undefined {
  switch (event.kind) {
    case 'run-began':
      return `run ${event.run} of ${event.scenario} begins`;
    case 'phase':
      return `— ${event.phase} —`;
    case 'step-began':
      return `step ${event.step}${event.node === undefined || event.step.includes(event.node) ? '' : ` (on ${event.node})`} begins`;
    case 'step-ended':
      return `step ${of?.kind === 'step-began' ? of.step : `of event ${event.of}`}${took(event, of)}: ${outcomeSays(event.outcome)}`;
    case 'ruled': {
      const shut = event.rulings.filter(({ kind, waived }) => kind !== 'open' && !waived);
      return `every condition about ${event.node}: ${shut.map(({ code, kind }) => `${code} ${kind}`).join(', ') || 'all open'}`;
    }
    case 'fault-began':
      return `fault ${event.fault} on ${event.target} begins`;
    case 'fault-ended':
      return `fault ${of?.kind === 'fault-began' ? of.fault : `of event ${event.of}`} ends${took(event, of)}`;
    case 'no-receipt':
      return `NO PROOF of ${event.expected}: ${event.because}`;
    case 'guest':
      return `${event.router}: ${event.says}${event.text === '' ? '' : `, ${event.text}`}`;
    case 'alert':
      return `alert ${event.name} ${event.state}, ${event.by === undefined ? '' : `from ${event.by} `}to ${event.receiver}`;
    case 'undelivered':
      return `alertmanager ${event.by} could not deliver by ${event.integration} (${event.tries} tries, ${event.givenUp} given up)`;
    case 'person':
      return `${event.who} ${event.does} (${duration(event.siteSeconds)} on the site's clock)`;
    case 'settled':
      return event.ok ? 'settled' : `NOT settled: ${event.pending.join('; ')}`;
    case 'observed':
      return `looked at every brick: snapshot ${event.snapshot.label}`;
    case 'note':
      return event.text;
    case 'aborted':
      return `ABORTED: ${event.because}`;
    default:
      return undefined;
  }
}

const took = (event: Event, of: Event | undefined): string =>
  of === undefined ? '' : ` after ${((event.atMs - of.atMs) / 1000).toFixed(1)} s`;

function outcomeSays(outcome: StepOutcome): string {
  switch (outcome.kind) {
    case 'done':
      return 'done';
    case 'failed':
      return `FAILED with exit code ${outcome.exitCode}${lastLine(outcome.output)}`;
    case 'cut-off':
      return `CUT OFF, ${outcome.because}`;
    case 'given-up':
      return `GIVEN UP, ${outcome.because}`;
  }
}

function lastLine(output: string): string {
  const line = output.trimEnd().split('\n').at(-1)?.trim() ?? '';
  return line === '' ? '' : `: ${line}`;
}
