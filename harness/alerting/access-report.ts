/** What the access graph says of a site in every state of it, as data. Pure. */
import { cutsOf, standingAfter, stands } from './access-graph.ts';
import type { AccessGraph } from './access-graph.ts';
import { accessFindings, GOAL } from './site-access.ts';
import type { AccessFinding, FaultState } from './site-access.ts';

export interface AccessReport {
  /** Of each state: what still stands. */
  readonly states: readonly {
    readonly name: string;
    readonly page: boolean;
    readonly wayIn: boolean;
    readonly told: boolean;
    readonly restore: boolean;
  }[];
  readonly findings: readonly AccessFinding[];
  /** The smallest sets of things that take every way in away, up to two at once. */
  readonly cutsOfWayIn: readonly (readonly string[])[];
}

export const accessReport = (graph: AccessGraph, states: readonly FaultState[]): AccessReport => ({
  states: states.map(({ name, broken }) => {
    const after = standingAfter(graph, new Set(broken));
    return {
      name,
      page: stands(after, GOAL.page),
      wayIn: stands(after, GOAL.wayIn),
      told: stands(after, GOAL.told),
      restore: stands(after, GOAL.restore),
    };
  }),
  findings: accessFindings(graph, states),
  cutsOfWayIn: cutsOf(graph, GOAL.wayIn, 2),
});
