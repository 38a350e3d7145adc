/** Which conditions a fault shuts, against which it must: exactly those, and no others. Pure. */
import type { ConditionRuling } from '../model/event.ts';
import type { Fault } from './fault.ts';

/** What differs, a sentence each. Without a fault everything must be open. A waived condition does not count. */
export function flipDifferences(
  fault: Fault | undefined,
  rulings: readonly ConditionRuling[],
): readonly string[] {
  const shuts = fault?.shuts ?? [];
  const missing = shuts.flatMap(({ code, kinds, why }) => {
    const ruling = rulings.find((one) => one.code === code);
    if (ruling === undefined) return [`${code} was not judged`];
    return kinds.includes(ruling.kind)
      ? []
      : [`${code} is ${ruling.kind}, must be ${kinds.join(' or ')}: ${why}`];
  });
  const may = new Set([...shuts.map(({ code }) => code), ...(fault?.mayShut ?? []).map(({ code }) => code)]);
  const surplus = rulings
    .filter(({ code, kind, waived }) => kind !== 'open' && !waived && !may.has(code))
    .map(({ code, kind, because }) => `${code} is ${kind}, must be open: ${because[0] ?? ''}`);
  return [...missing, ...surplus];
}
