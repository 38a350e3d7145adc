/** A scenario: one story, as data. */
import type { Escalation } from '../alerting/escalation.ts';
import type { VerdictKind } from '../model/verdict.ts';
import type { SiteSpec } from '../model/site.ts';
import type { Oracle } from '../oracles/oracle.ts';
import type { Procedure } from '../procedures/procedure.ts';

/** What follows when the customer is cut off after the procedure: people are told on the site's clock, and whoever acts plays the procedure. */
export interface Aftermath {
  /** Human time is modelled from what really happened; nothing of it is waited for. */
  readonly escalation: Escalation;
  readonly procedure: Procedure;
  /** Played also while customers are served: so long a page may take to come. */
  readonly evenIfServed?: { readonly pageWithinSeconds: number };
}

/** What differs from the monitoring as it is shipped. */
export interface Alerting {
  /** Nothing outside the site watches it. */
  readonly offsite?: false;
  /** Path of Alertmanager's configuration. */
  readonly alertmanager?: string;
  /** What public rule sets have is measured beside ours. */
  readonly naive?: true;
}

export interface Scenario {
  /** Kebab-case, unique; the file has the same name. */
  readonly id: string;
  readonly title: string;
  /** Why this story is told. */
  readonly why: string;
  readonly site: SiteSpec;
  readonly procedure: Procedure;
  readonly alerting?: Alerting;
  /** Played when the customer is cut off at the end of the procedure. */
  readonly aftermath?: Aftermath;
  /** Longest time to come to rest after the play. */
  readonly settleSeconds: number;
  /** Stories with the same text here are one comparison: their outages are drawn in one picture under it. */
  readonly comparison?: string;
  readonly oracles: readonly [Oracle, ...Oracle[]];
  /** What this build of the lab must answer, or a check has gone blind. */
  readonly expect: {
    readonly verdict: VerdictKind;
    /** Oracles that must be broken. */
    readonly broken: readonly string[];
    /** Oracles that depend on what this story leaves to chance; the story says why beside them. Every other one must not be broken. */
    readonly mayBreak?: readonly string[];
    /** Alerts that must reach the pager during the play; asked only where the rules and routes are those that are shipped. */
    readonly told?: readonly string[];
  };
}
