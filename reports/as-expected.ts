/** Did a run end as its scenario says it must? Pure. */
import { playOf } from './outages.ts';
import type { History, Judgement, Scenario, VerdictKind } from '../harness/index.ts';

/** What `judge` answers. */
export interface Judged {
  readonly verdict: VerdictKind;
  readonly judgements: readonly Judgement[];
}

/** Ways in which a run differs from what was expected, a sentence each; empty when it ended as expected. */
export function differencesFrom(expect: Scenario['expect'], judged: Judged): readonly string[] {
  const brokenNow = judged.judgements.filter(({ verdict }) => verdict.kind === 'broken');
  const names = new Set(brokenNow.map(({ name }) => name));
  const missing = expect.broken.filter((name) => !names.has(name));
  const surplus = brokenNow.filter(
    ({ name }) => !expect.broken.includes(name) && expect.mayBreak?.includes(name) !== true,
  );
  // Whatever may break makes the whole verdict broken when it does; all the rest has to hold.
  const onlyMayBreak =
    expect.verdict === 'holds' &&
    judged.verdict === 'broken' &&
    surplus.length === 0 &&
    judged.judgements.every(({ verdict }) => verdict.kind !== 'unknown');
  return [
    ...nothingHeld(expect, judged),
    ...(judged.verdict === expect.verdict || onlyMayBreak
      ? []
      : [`expected the verdict ${expect.verdict}, got ${judged.verdict}`]),
    ...missing.map((name) => `expected ${name} to be broken: ${insteadOf(name, judged)}`),
    ...surplus.map(({ name, verdict }) => `did not expect ${name} to be broken: ${verdict.because}`),
  ];
}

/** Alerts that had to reach the pager while the story was played, and did not. */
export function untoldOf({ told = [] }: Scenario['expect'], history: History): readonly string[] {
  const { fromMs, toMs } = playOf(history);
  const came = new Set(
    history
      .filter((event) => event.kind === 'alert')
      .filter(({ state, activeAtMs }) => state === 'firing' && activeAtMs >= fromMs && activeAtMs <= toMs)
      .map(({ name }) => name),
  );
  return told.filter((name) => !came.has(name)).map((name) => `expected the alert ${name}: it never came`);
}

/** A run that was cut off has proven what broke before, and nothing of what must have stayed whole: there no oracle can hold. */
function nothingHeld(expect: Scenario['expect'], { verdict, judgements }: Judged): readonly string[] {
  const doubted = judgements.find((each) => each.verdict.kind === 'unknown');
  return expect.verdict === 'broken' &&
    verdict === 'broken' &&
    doubted !== undefined &&
    judgements.every((each) => each.verdict.kind !== 'holds')
    ? [`nothing can be said to hold: ${doubted.verdict.because}`]
    : [];
}

function insteadOf(name: string, { judgements }: Judged): string {
  const judgement = judgements.find((each) => each.name === name);
  return judgement === undefined
    ? 'no oracle of that name judged the run'
    : `it is "${judgement.verdict.kind}", ${judgement.verdict.because}`;
}

/** The verdict is the expected one, and the expected oracles are broken, and none that must not be. */
export const isAsExpected = (expect: Scenario['expect'], judged: Judged): boolean =>
  differencesFrom(expect, judged).length === 0;

/** The reason of the whole verdict in one sentence: that of the first oracle, in the order of reports, that has this verdict. */
export function reasonOf({ verdict, judgements }: Judged): string {
  if (judgements.length === 0) return 'no oracle judged the run';
  if (verdict === 'holds') {
    const all = judgements.length === 1 ? 'the one oracle holds' : `all ${judgements.length} oracles hold`;
    const first = judgements[0];
    return first === undefined ? all : `${all}; ${first.name}: ${first.verdict.because}`;
  }
  const which = judgements.filter((judgement) => judgement.verdict.kind === verdict);
  const first = which[0];
  if (first === undefined) return `no oracle says why the verdict is ${verdict}`;
  const others = which.slice(1).map(({ name }) => name);
  const also = others.length === 0 ? '' : ` (also ${verdict}: ${others.join(', ')})`;
  return `${first.name}: ${first.verdict.because}${also}`;
}
