/** Runs a command against every state and says what it is worth. Nothing real is contacted. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastWords, scoreRun } from '../../harness/index.ts';
import type { AttackResult, AttackSite, AttackState, GateRun, GoWhen } from '../../harness/index.ts';
import { layOut } from './lay-out.ts';
import { refusePastStandIns } from './past-stand-ins.ts';
import { CannotAttack, resolveProgram } from './resolve.ts';
import { runCommand } from './run-command.ts';
import { callsOn, setStage, setUp, stageEnvironment } from './stage.ts';
import type { Stage } from './stage.ts';

export interface AttackOptions {
  readonly site: AttackSite;
  readonly states: readonly AttackState[];
  readonly when: GoWhen;
  /** For one run of the command, in real time. */
  readonly limitMs: number;
  /** How many times faster than the clock `sleep`, `timeout` and slow answers run; 1 is real time. */
  readonly speed: number;
  /** `timeout` is never shortened below this; a busy machine may need it. Default 3. */
  readonly leastPatienceSeconds?: number;
  /** A folder in which states are laid out and stay, for further attacks with the same states. Default: none, laid out anew. */
  readonly keptStates?: string;
  /** Runs side by side; most of them wait most of the time. */
  readonly jobs?: number;
  readonly signal?: AbortSignal;
  /** Hears of each result as it comes, in no order. */
  readonly told?: (result: AttackResult) => void;
}

export interface CommandOptions extends AttackOptions {
  /** Hears, before the first run, whether the command will be without any network, which not every machine allows. */
  readonly begins?: (network: 'none' | 'of this machine') => void;
}

/** One command on one stage. */
export type Attacked = (stage: Stage, options: AttackOptions) => Promise<GateRun>;

/**
 * A command with its words; `{node}` and `{volume}` in them become the names. Throws `CannotAttack` when it can't be run at all.
 * Results come in the order of the states.
 */
export async function attackCommand(
  command: readonly string[],
  options: CommandOptions,
): Promise<readonly AttackResult[]> {
  const { site } = options;
  const [name = '', ...words] = command;
  const line = [
    resolveProgram(name),
    ...words.map((word) => word.replaceAll('{node}', site.asked).replaceAll('{volume}', site.volume)),
  ];
  refusePastStandIns(line);
  const alone = await withoutNetwork();
  options.begins?.(alone.length > 0 ? 'none' : 'of this machine');
  const results = await attack(
    (stage) =>
      runCommand([...alone, ...line], {
        env: stageEnvironment(stage, site),
        limitMs: options.limitMs,
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      }).catch((error: unknown) => {
        throw new CannotAttack(`running ${name}: ${error instanceof Error ? error.message : String(error)}`);
      }),
    options,
  );
  refuseUnrunnable(name, results);
  return results;
}

/** A shell's way of saying that there is nothing to run. */
function refuseUnrunnable(name: string, results: readonly AttackResult[]): void {
  const [first] = results;
  const never = results.every(
    ({ run }) => run.kind === 'ended' && (run.exitCode === 126 || run.exitCode === 127),
  );
  if (first === undefined || !never || results.some((one) => one.calls.length > 0)) return;
  throw new CannotAttack(
    `running ${name}: it could not be started in any state; it said: ${lastWords(first.run) || 'nothing'}`,
  );
}

/** What is attacked may be anything that looks at a stage. */
export async function attack(attacked: Attacked, options: AttackOptions): Promise<readonly AttackResult[]> {
  const root = mkdtempSync(join(tmpdir(), 'healproof-attack-'));
  try {
    setUp(root);
    const results = new Map<AttackState, AttackResult>();
    // The longest first.
    const waiting = options.states.toSorted((one, other) => Number(other.mayHang) - Number(one.mayHang));
    const work = async (): Promise<void> => {
      for (let state = waiting.shift(); state !== undefined; state = waiting.shift()) {
        options.signal?.throwIfAborted();
        const result = await onState(root, state, attacked, options);
        results.set(state, result);
        options.told?.(result);
      }
    };
    const jobs = options.jobs ?? availableParallelism() * 2;
    await Promise.all(Array.from({ length: Math.max(1, jobs) }, work));
    return options.states.flatMap((state) => results.get(state) ?? []);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function onState(
  root: string,
  state: AttackState,
  attacked: Attacked,
  options: AttackOptions,
): Promise<AttackResult> {
  const answers = join(options.keptStates ?? join(root, 'states'), state.name);
  if (!existsSync(answers)) layOut(state, answers);
  const stage = setStage(join(root, 'stages', state.name), answers, root, {
    speed: options.speed,
    leastPatienceSeconds: options.leastPatienceSeconds ?? 3,
  });
  const began = performance.now();
  const run = await attacked(stage, options);
  // What was ended by the caller's stop says nothing about the gate.
  options.signal?.throwIfAborted();
  const tookMs = Math.round(performance.now() - began);
  const result = scoreRun(state, run, options.when, callsOn(stage), tookMs);
  rmSync(stage.folder, { recursive: true, force: true });
  if (options.keptStates === undefined) rmSync(answers, { recursive: true, force: true });
  return result;
}

/** Words that put a command into a network of its own, without any way out; none where the machine does not allow it. */
function withoutNetwork(): Promise<readonly string[]> {
  const [program, ...words] = ['unshare', '--map-current-user', '--net', '--'] as const;
  return new Promise((resolve) => {
    execFile(program, [...words, 'true'], { timeout: 5000 }, (error) =>
      resolve(error === null ? [program, ...words] : []),
    );
  });
}
