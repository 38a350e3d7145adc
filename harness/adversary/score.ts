/** From how a gate's command ended to what it is worth. Pure. */
import type { AttackState } from './state.ts';

/** How one run of the command ended. */
export type GateRun =
  | { readonly kind: 'ended'; readonly exitCode: number; readonly stdout: string; readonly stderr: string }
  | { readonly kind: 'killed'; readonly signal: string; readonly stdout: string; readonly stderr: string }
  /** It was still running when its time was up, and was ended. */
  | {
      readonly kind: 'out-of-time';
      readonly afterMs: number;
      readonly stdout: string;
      readonly stderr: string;
    };

/** What counts as the gate saying go. */
export type GoWhen =
  | { readonly kind: 'exit'; readonly code: number }
  /** A text on standard output, whatever the exit code. */
  | { readonly kind: 'stdout'; readonly pattern: RegExp };

/** `exit:CODE` or `stdout:REGEX`. Throws with what it should have been. */
export function parseGoWhen(text: string): GoWhen {
  const code = /^exit:(\d{1,3})$/.exec(text)?.[1];
  if (code !== undefined) return { kind: 'exit', code: Number(code) };
  const pattern = /^stdout:([\s\S]+)$/.exec(text)?.[1];
  if (pattern !== undefined) return { kind: 'stdout', pattern: new RegExp(pattern, 'm') };
  throw new Error(`"${text}" does not say when the gate says go; write exit:0 or stdout:REGEX`);
}

/** One call that the stand-ins noted down. */
export interface Call {
  /**
   * `asked`: answered from the state. `unknown`: nothing is prepared for it. `changes`: it would have changed the cluster.
   * `locked`: it left, or met, a lock. `barred`: a program that the attack does not let through.
   */
  readonly kind: 'asked' | 'unknown' | 'changes' | 'locked' | 'barred';
  readonly view: string;
  /** Counted from 0. */
  readonly look: number;
  readonly command: string;
}

export type Worth = 'survived' | 'fooled' | 'blocked';

export interface AttackResult {
  readonly state: AttackState;
  readonly worth: Worth;
  readonly said: 'go' | 'no-go';
  readonly run: GateRun;
  readonly tookMs: number;
  readonly calls: readonly Call[];
  /** What is worth knowing besides, in sentences. */
  readonly notes: readonly string[];
}

export function saysGo(run: GateRun, when: GoWhen): boolean {
  if (run.kind !== 'ended') return false;
  return when.kind === 'exit' ? run.exitCode === when.code : when.pattern.test(run.stdout);
}

export function scoreRun(
  state: AttackState,
  run: GateRun,
  when: GoWhen,
  calls: readonly Call[],
  tookMs: number,
): AttackResult {
  const go = saysGo(run, when);
  const worth = go === state.truth.go ? 'survived' : go ? 'fooled' : 'blocked';
  return {
    state,
    worth,
    said: go ? 'go' : 'no-go',
    run,
    tookMs,
    calls,
    notes: notesOn(run, calls, worth),
  };
}

/** The last line that it printed, of errors first; empty when it printed nothing. */
export const lastWords = ({ stdout, stderr }: GateRun): string =>
  (stderr.trim() || stdout.trim()).split('\n').at(-1)?.slice(0, 200) ?? '';

function notesOn(run: GateRun, calls: readonly Call[], worth: Worth): readonly string[] {
  const of = (kind: Call['kind']): readonly string[] => [
    ...new Set(calls.filter((one) => one.kind === kind).map((one) => one.command)),
  ];
  const few = (commands: readonly string[]): string =>
    `${commands.slice(0, 2).join('; ')}${commands.length > 2 ? `; ${commands.length - 2} more` : ''}`;
  const changes = of('changes');
  const locked = of('locked');
  const barred = of('barred');
  const unknown = of('unknown');
  return [
    ...(run.kind === 'out-of-time'
      ? [`it did not end within ${(run.afterMs / 1000).toFixed(0)} s and was ended; counted as no-go`]
      : []),
    ...(run.kind === 'killed' ? [`it was ended by ${run.signal}; counted as no-go`] : []),
    ...(changes.length > 0 ? [`it changes the cluster: ${few(changes)}`] : []),
    ...(locked.length > 0 ? [`it leaves the volume locked: ${few(locked)}`] : []),
    ...(barred.length > 0 ? [`not let through: ${few(barred)}`] : []),
    ...(unknown.length > 0 ? [`no answer was prepared for: ${few(unknown)}`] : []),
    ...(calls.length === 0 && worth !== 'survived' ? ['it asked nothing of the cluster'] : []),
  ];
}

export interface AttackScore {
  readonly states: number;
  readonly survived: number;
  readonly fooled: number;
  readonly blocked: number;
  /** States in which it asked the stand-in `gluster` anything; with none, the score says nothing about the gate. */
  readonly asked: number;
  /** What holds for the gate as a whole, in sentences. */
  readonly findings: readonly string[];
}

export function scoreAll(results: readonly AttackResult[]): AttackScore {
  const count = (worth: Worth): number => results.filter((one) => one.worth === worth).length;
  const where = (kind: Call['kind']): readonly string[] =>
    results.filter((one) => one.calls.some((call) => call.kind === kind)).map((one) => one.state.name);
  const changes = where('changes');
  const locks = where('locked');
  const well = results.filter((one) => one.state.truth.go);
  const neverOpens = well.length > 0 && well.every((one) => one.worth === 'blocked');
  const asked = results.filter((one) =>
    one.calls.some(({ command }) => command.startsWith('gluster ')),
  ).length;
  return {
    states: results.length,
    survived: count('survived'),
    fooled: count('fooled'),
    blocked: count('blocked'),
    asked,
    findings: [
      ...(asked === 0 && results.length > 0 ? [neverAsked(results)] : []),
      ...(neverOpens ? ['It did not open in any healthy state: nobody can work with it.'] : []),
      ...(changes.length > 0
        ? [`It changes the cluster that it should only look at (${listed(changes)}).`]
        : []),
      ...(locks.length > 0 ? [`It leaves the volume locked for everybody (${listed(locks)}).`] : []),
    ],
  };
}

/** Mostly a gate that fails before it asks, the same way everywhere: its last words tell why. */
function neverAsked(results: readonly AttackResult[]): string {
  const words = results.map(({ run }) => lastWords(run)).find((one) => one !== '');
  return `It asked nothing of the cluster in any state, not one gluster command: what it says does not depend on it.${words === undefined ? '' : ` It said: ${words}`}`;
}

const listed = (names: readonly string[]): string =>
  names.length > 4 ? `in ${names.length} states` : `in ${names.join(', ')}`;

/** 0 survived all, 1 fooled at least once, 3 it never asked: who fails everywhere survives nothing. Needless blocks alone do not fail it. */
export const exitCodeOf = ({ fooled, asked }: AttackScore): 0 | 1 | 3 =>
  fooled > 0 ? 1 : asked === 0 ? 3 : 0;
