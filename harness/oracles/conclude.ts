/** From what was found to a verdict, in one place: proven stays proven, doubt never passes. */
import type { BrickId, NodeName, RouterName } from '../model/names.ts';
import { broken, holds, unknown } from '../model/verdict.ts';
import type { Finding, Verdict } from '../model/verdict.ts';
import type { Frame } from './frame.ts';
import { count } from './say.ts';

/** A finding that says where to look: reports link it to the file, the brick and the moment. */
export interface PreciseFinding extends Finding {
  readonly file?: string;
  readonly brick?: BrickId;
  readonly node?: NodeName;
  readonly router?: RouterName;
  /** When it was, on the run's clock; `untilMs` when it lasted. */
  readonly atMs?: number;
  readonly untilMs?: number;
}

const MOST_FINDINGS = 50;
const MOST_DOUBTS = 5;

/** Collects findings and doubts in bounded memory. */
export class Case {
  readonly #findings: PreciseFinding[] = [];
  readonly #doubts = new Set<string>();
  #found = 0;
  #doubted = 0;
  #firstLeftOut = 0;

  find(finding: PreciseFinding): void {
    this.#found += 1;
    if (this.#findings.length < MOST_FINDINGS) this.#findings.push(finding);
    else if (this.#found === MOST_FINDINGS + 1) this.#firstLeftOut = finding.evidence[0];
  }

  /** Something that keeps the invariant from being called proven. */
  doubt(because: string): void {
    if (this.#doubts.has(because)) return;
    this.#doubted += 1;
    if (this.#doubts.size < MOST_DOUBTS) this.#doubts.add(because);
  }

  /** All findings, the ones that were left out of the list included. */
  get found(): number {
    return this.#found;
  }

  /**
   * Findings make it `broken`, even when the run was aborted later. Without findings an incomplete history and any
   * doubt make it `unknown`. Only then it holds.
   */
  conclude(
    frame: Frame,
    say: { readonly broken: () => string; readonly holds: () => string; readonly looked: number },
  ): Verdict {
    if (this.#found > 0) return broken(say.broken(), this.#list());
    if (frame.incomplete !== undefined) return unknown(frame.incomplete);
    if (this.#doubts.size > 0) {
      const left = this.#doubted - this.#doubts.size;
      return unknown([...this.#doubts, ...(left > 0 ? [`${count(left)} more doubts`] : [])].join('; '));
    }
    return holds(say.holds(), say.looked);
  }

  #list(): readonly PreciseFinding[] {
    const left = this.#found - this.#findings.length;
    if (left === 0) return this.#findings;
    const rest: PreciseFinding = {
      what: `and ${count(left)} more like these`,
      evidence: [this.#firstLeftOut],
    };
    return [...this.#findings, rest];
  }

  /** The findings in one sentence's end: the first few, then how many more. */
  summary(most = 2): string {
    const whats = this.#findings.map(({ what }) => what);
    const more = this.#found - Math.min(most, whats.length);
    return whats.slice(0, most).join('; ') + (more > 0 ? `; and ${count(more)} more` : '');
  }
}

/** Evidence as a tuple, without repetitions, ascending. */
export function evidence(first: number, ...more: readonly (number | undefined)[]): [number, ...number[]] {
  const all = [...new Set([first, ...more.filter((seq) => seq !== undefined)])].sort((a, b) => a - b);
  return [all[0] ?? first, ...all.slice(1)];
}
