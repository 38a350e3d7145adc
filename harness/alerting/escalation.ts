/** Who is told in which order, the people themselves, and what chance does. Plain data; the lab reads it from YAML. */
import type { Person } from './people.ts';
import type { EscalationPolicy } from './policy.ts';

export interface Escalation {
  readonly policy: EscalationPolicy;
  readonly people: readonly Person[];
  /** Of the generator that decides whether a message wakes somebody. */
  readonly seed: number;
}
