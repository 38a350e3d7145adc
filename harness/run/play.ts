/** Plays a procedure step by step, as an operator does: in order, stopping at the first step that goes wrong. */
import type { Event, StepOutcome } from '../model/event.ts';
import type { NodeName } from '../model/names.ts';
import type { Action, Procedure, Step } from '../procedures/procedure.ts';
import { awaitAlerts } from './await-alerts.ts';
import { awaitCommand } from './await-command.ts';
import { rule } from './rule.ts';
import type { AskGate, Clock, Journal, Lab, OpenQuestion } from './ports.ts';
import { until } from './until.ts';

export interface Stage {
  readonly lab: Lab;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly askGate: AskGate;
  readonly openQuestion: OpenQuestion;
  readonly signal: AbortSignal;
  /** What has happened so far, without the chatter. */
  readonly events: () => readonly Event[];
}

/** How often the operator asks a gate that is held. */
const ASK_EVERY_MS = 1000;

export const commandOf = (does: Action): string => {
  switch (does.kind) {
    case 'type':
      return does.line;
    case 'reboot':
      return 'reboot';
    case 'wait':
      return `wait ${does.seconds} s`;
    case 'await-gate':
      return `ask gate ${does.gate} for ${does.node}`;
    case 'await-command':
      return `run ${does.gate} on ${does.on}: may ${does.node} go down?`;
    case 'inject':
      return `fault ${does.fault} on ${does.node}`;
    case 'end-fault':
      return `end fault ${does.fault}`;
    case 'await-alerts':
      return `wait for ${does.alerts.join(', ')}`;
    case 'rule':
      return `ask every condition of gate ${does.gate} about ${does.node}`;
  }
};

const nodeOf = (does: Action): NodeName | undefined =>
  does.kind === 'type' ? does.on : 'node' in does ? does.node : undefined;

async function awaitGate(
  { journal, clock, askGate, signal }: Stage,
  { gate, node, budgetSeconds }: Extract<Action, { kind: 'await-gate' }>,
): Promise<StepOutcome> {
  let onlyLooks = false;
  const waited = await until(
    clock,
    async () => {
      const decision = await askGate(gate, node, signal);
      onlyLooks = decision.kind === 'held' && decision.onlyLooks === true;
      journal.record({ kind: 'gate', gate, node, decision });
      if (decision.kind === 'open') return undefined;
      return decision.kind === 'held'
        ? (decision.summary ?? decision.waitingFor.join('; '))
        : `refused: ${decision.summary ?? decision.because.join('; ')}`;
    },
    { withinMs: budgetSeconds * 1000, everyMs: ASK_EVERY_MS, signal, pressing: () => onlyLooks },
  );
  return waited.kind === 'met'
    ? { kind: 'done', output: `open after ${(waited.tookMs / 1000).toFixed(1)} s` }
    : {
        kind: 'given-up',
        because: `gate ${gate} did not open for ${node} within ${budgetSeconds} s: ${waited.pending}`,
      };
}

async function carryOut(stage: Stage, step: Step, began: number): Promise<StepOutcome> {
  const { does } = step;
  switch (does.kind) {
    case 'wait':
      await stage.clock.pause(does.seconds * 1000, stage.signal);
      return { kind: 'done', output: '' };
    case 'await-gate':
      return awaitGate(stage, does);
    case 'await-command':
      return awaitCommand(stage, does, began);
    case 'inject':
      return stage.lab.inject(does.fault, does.node, stage.signal);
    case 'end-fault':
      return stage.lab.endFault(does.fault, stage.signal);
    case 'await-alerts':
      return awaitAlerts(stage, does);
    case 'rule':
      return rule(stage, does);
    case 'type':
    case 'reboot':
      return stage.lab.operate(does, began, stage.signal);
  }
}

/** Answers the outcome of the last step played; everything else is in the journal. */
export async function playProcedure(stage: Stage, procedure: Procedure): Promise<StepOutcome> {
  let outcome: StepOutcome = { kind: 'done', output: '' };
  for (const step of procedure.steps) {
    if (stage.signal.aborted) return { kind: 'given-up', because: 'the run was interrupted' };
    const node = nodeOf(step.does);
    const { seq } = stage.journal.record({
      kind: 'step-began',
      step: step.name,
      command: commandOf(step.does),
      ...(node === undefined ? {} : { node }),
    });
    outcome = await carryOut(stage, step, seq);
    stage.journal.record({ kind: 'step-ended', of: seq, outcome });
    if (outcome.kind !== 'done') {
      stage.journal.record({
        kind: 'note',
        text: `${procedure.name} stops at "${step.name}": ${reasonOf(outcome)}`,
      });
      return outcome;
    }
  }
  return outcome;
}

export function reasonOf(outcome: StepOutcome): string {
  switch (outcome.kind) {
    case 'done':
      return 'done';
    case 'failed':
      return `exit code ${outcome.exitCode}: ${outcome.output.trim().split('\n').at(-1) ?? ''}`;
    case 'cut-off':
    case 'given-up':
      return outcome.because;
  }
}
