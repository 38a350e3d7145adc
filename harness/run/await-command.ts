/** A step that waits for the operator's own gate: a script that is run where the operator would run it, over the operator's way in. */
import type { GateDecision, StepOutcome } from '../model/event.ts';
import type { Action } from '../procedures/procedure.ts';
import type { Stage } from './play.ts';
import { until } from './until.ts';

type AwaitCommand = Extract<Action, { kind: 'await-command' }>;

const ASK_EVERY_MS = 1000;
/** For one run of the script; one that hangs for longer is stopped, and its answer is no. */
const ONE_RUN_SECONDS = 60;

export async function awaitCommand(stage: Stage, does: AwaitCommand, began: number): Promise<StepOutcome> {
  const { lab, journal, clock, signal } = stage;
  const { gate, node, on, budgetSeconds } = does;
  const waited = await until(
    clock,
    async () => {
      const outcome = await lab.operate(
        { kind: 'type', on, line: lineOf(does), limitSeconds: ONE_RUN_SECONDS },
        began,
        signal,
      );
      const decision = decisionOf(outcome);
      journal.record({ kind: 'gate', gate, node, decision });
      return decision.kind === 'held' ? decision.waitingFor[0] : undefined;
    },
    { withinMs: budgetSeconds * 1000, everyMs: ASK_EVERY_MS, signal },
  );
  return waited.kind === 'met'
    ? { kind: 'done', output: `go after ${(waited.tookMs / 1000).toFixed(1)} s` }
    : {
        kind: 'given-up',
        because: `${gate} did not say go for ${node} within ${budgetSeconds} s: ${waited.pending}`,
      };
}

function decisionOf(outcome: StepOutcome): GateDecision {
  switch (outcome.kind) {
    case 'done':
      return { kind: 'open' };
    case 'failed': {
      const last = outcome.output.trim().split('\n').at(-1) ?? '';
      return { kind: 'held', waitingFor: [`exit code ${outcome.exitCode}${last === '' ? '' : `: ${last}`}`] };
    }
    case 'cut-off':
    case 'given-up':
      return { kind: 'held', waitingFor: [outcome.because] };
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** One shell line that runs the script as a file of its own would be run, with `sleep` shortened. */
export function lineOf({ script, environment, speed }: AwaitCommand): string {
  const words = Object.entries(environment).map(([name, value]) => `${name}=${quoted(value)}`);
  const sleep =
    speed === 1 ? '' : `sleep() { command sleep "$(awk -v s="$1" 'BEGIN { print s / ${speed} }')"; }\n`;
  return `${words.join(' ')} sh -c ${quoted(`${sleep}${script}`)}`;
}
