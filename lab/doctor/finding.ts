/** One thing about this machine that matters to a lab, and how a list of them is shown. Pure. */

export interface Finding {
  readonly name: string;
  readonly ok: 'ok' | 'warn' | 'fail';
  readonly found: string;
  /** What a lab needs it for. */
  readonly why: string;
  /** What to do; empty when there is nothing to do. */
  readonly fix: string;
}

/** A finding that is fine as it is. */
export const fine = (name: string, found: string, why: string): Finding => ({
  name,
  ok: 'ok',
  found,
  why,
  fix: '',
});

/** `ok` when a quantity reaches what is good, `warn` when it is only enough, `fail` below that. */
export function graded(
  amount: number,
  { good, enough }: { good: number; enough: number },
): 'ok' | 'warn' | 'fail' {
  if (amount >= good) return 'ok';
  return amount >= enough ? 'warn' : 'fail';
}

/** 0 when a lab can run, 3 when something has to be done first: the worst finding decides. */
export const doctorExitCode = (findings: readonly Finding[]): 0 | 3 =>
  findings.some(({ ok }) => ok === 'fail') ? 3 : 0;

const COLOURS = { ok: 32, warn: 33, fail: 31 };

export function doctorText(findings: readonly Finding[], { colour }: { colour: boolean }): string {
  const width = Math.max(0, ...findings.map(({ name }) => name.length));
  return findings
    .map(({ name, ok, found, why, fix }) => {
      const mark = colour ? `\u001B[${COLOURS[ok]}m${ok.padEnd(4)}\u001B[0m` : ok.padEnd(4);
      const todo = fix === '' ? '' : `\n      do: ${fix}`;
      return `${mark}  ${name.padEnd(width)}  ${found}  (${why})${todo}`;
    })
    .join('\n');
}
