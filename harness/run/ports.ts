/** What the harness needs of the world. The lab and the reports implement these; the harness never looks behind them. */
import type { FaultName } from '../model/fault-name.ts';
import type { ConditionRuling, Event, EventBody, GateDecision, StepOutcome, WayIn } from '../model/event.ts';
import type { VolumeSnapshot } from '../model/facts.ts';
import type { NodeName } from '../model/names.ts';
import type { SiteSpec } from '../model/site.ts';
import type { Live } from './live.ts';
import type { Action } from '../procedures/procedure.ts';

/** How one shell command ended. `cut-off`: the connection broke, whether it took effect is not known. */
export type ExecOutcome =
  | {
      readonly kind: 'exited';
      readonly exitCode: number;
      readonly stdout: string;
      readonly stderr: string;
      readonly tookMs: number;
    }
  | { readonly kind: 'timed-out'; readonly afterMs: number; readonly stdout: string; readonly stderr: string }
  | { readonly kind: 'cut-off'; readonly because: string };

/** A way to run shell lines on one node: by SSH on a real cluster, by the engine in a lab. Never throws for what the command does. */
export interface Shell {
  readonly node: NodeName;
  run(
    line: string,
    options: { readonly limitMs: number; readonly signal?: AbortSignal },
  ): Promise<ExecOutcome>;
}

export interface Clock {
  /** Host epoch, milliseconds. */
  epochMs(): number;
  /** Resolves after `ms`, or at once when the signal aborts. */
  pause(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Append-only; an event is on disk before `record` returns. `epochMs` defaults to now. */
export interface Journal {
  record(body: EventBody, epochMs?: number): Event;
}

/** A site that can be played on. Opened with its journal; everything it sees by itself goes there. */
export interface Lab extends AsyncDisposable {
  readonly spec: SiteSpec;
  /** Host epoch milliseconds at `atMs` 0 of the history. */
  readonly beganEpochMs: number;
  /** Carries out one operator's action from the workstation. `began` is the seq of its `step-began` event, for receipts. */
  operate(action: Action, began: number, signal: AbortSignal): Promise<StepOutcome>;
  /** From now on the operator goes in this way. On site, the workstation is plugged into the lan. */
  goIn(way: WayIn): Promise<void>;
  /**
   * Brings a fault about on a node and journals its begin and its receipts; `done` when somebody else has seen it. What could not be
   * brought about is ended again and has a `no-receipt`.
   */
  inject(fault: FaultName, on: NodeName, signal: AbortSignal): Promise<StepOutcome>;
  endFault(fault: FaultName, signal: AbortSignal): Promise<StepOutcome>;
  /**
   * The play is over: ends every fault that still runs, and lifts the rate of the storage links, which only the play needs. Idempotent.
   * Throws when a fault can't be ended: the lab is good for nothing then.
   */
  endFaults(): Promise<void>;
  /** Stops the routers' writers and probes, so that the final look sees a still site. */
  quiesce(): Promise<void>;
  observe(label: string): Promise<VolumeSnapshot>;
  /** Copies logs of every machine into the bundle; says what could not be had. */
  collectLogs(): Promise<void>;
}

/** Opens a lab for a spec. Whatever fails half-way is torn down before the error comes out. */
export type OpenLab = (spec: SiteSpec, run: string, journal: Live, signal: AbortSignal) => Promise<Lab>;

/** One look, and every condition's answer on the looks since the question was opened. */
export interface Ruled {
  readonly rulings: readonly ConditionRuling[];
  /** Whether there were looks enough for an answer that counts. */
  readonly stable: boolean;
}

/** Opens a question to a gate. What was seen before it was opened does not count. */
export interface OpenQuestion {
  (gate: string, node: NodeName): (signal: AbortSignal) => Promise<Ruled>;
}

/** A gate as the operator asks it: go or no-go for one node. */
export interface AskGate {
  (gate: string, node: NodeName, signal: AbortSignal): Promise<GateDecision>;
}
