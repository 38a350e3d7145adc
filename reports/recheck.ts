/** Judging a run again without a lab, from nothing but its bundle. */
import { askedAgain, judge } from '../harness/index.ts';
import type { History, Oracle } from '../harness/index.ts';
import { readBundle } from './bundle.ts';
import { resultOf, verdictFileOf } from './run-result.ts';
import type { RunResult, VerdictFile } from './run-result.ts';

export interface Recheck {
  /** As judged now. The bundle stays as it is. */
  readonly result: RunResult;
  readonly now: VerdictFile;
  /** As the bundle has it; missing when the run was cut off before it was judged. */
  readonly before?: VerdictFile;
  /** What changed from then to now, a sentence each; empty when nothing did, or when there was no verdict before. */
  readonly changes: readonly string[];
}

/** Which oracles judge it, by the history and by what the verdict of then, or the begin of a run that was never judged, says of them. */
export type Asking = (history: History, asked: Parameters<typeof askedAgain>[1]) => readonly Oracle[];

/** @throws BadBundle, BadHistory. */
export function recheck(dir: string, oracles: Asking = askedAgain): Recheck {
  const { about, history, cutOff, verdict: before, dir: at } = readBundle(dir);
  const now = verdictFileOf(
    about,
    history,
    judge(oracles(history, before?.judgements ?? about.oracles), history),
  );
  const trouble = cutOff === undefined ? [] : [cutOff];
  const result = resultOf(about, now, at, trouble);
  return before === undefined
    ? { result, now, changes: [] }
    : { result, now, before, changes: changesOf(before, now) };
}

function changesOf(before: VerdictFile, now: VerdictFile): readonly string[] {
  const changes: string[] = [];
  const tell = (what: string, was: unknown, is: unknown): void => {
    if (was !== is) changes.push(`${what} was ${String(was)}, is ${String(is)}`);
  };
  tell('the verdict', before.verdict, now.verdict);
  const kinds = (file: VerdictFile): ReadonlyMap<string, string> =>
    new Map(file.judgements.map(({ name, verdict }) => [name, verdict]));
  const [was, is] = [kinds(before), kinds(now)];
  for (const name of new Set([...was.keys(), ...is.keys()])) {
    tell(name, was.get(name) ?? 'not asked', is.get(name) ?? 'not asked');
  }
  // A figure that an older Healproof did not have is no change of the run.
  for (const name of Object.keys(before.figures) as (keyof VerdictFile['figures'])[]) {
    tell(name, inWords(before.figures[name]), inWords(now.figures[name]));
  }
  return changes;
}

const inWords = (figure: unknown): unknown =>
  typeof figure === 'object' && figure !== null ? JSON.stringify(figure) : figure;
