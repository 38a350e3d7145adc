/** What the access graph says of a site, as data and as lines. */
import { accessFindings, cutsOf, GOAL, standingAfter, stands } from '../../harness/index.ts';
import type { AccessFinding, AccessGraph, FaultState } from '../../harness/index.ts';

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

export function accessText({ states, findings, cutsOfWayIn }: AccessReport): string {
  const width = Math.max(...states.map(({ name }) => name.length), 'broken'.length);
  const cell = (up: boolean): string => (up ? 'yes' : 'NO').padEnd(8);
  const rows = states.map(({ name, page, wayIn, told, restore }) =>
    `${name.padEnd(width)}  ${[page, wayIn, told, restore].map(cell).join('')}`.trimEnd(),
  );
  return [
    `${'broken'.padEnd(width)}  ${['served', 'way in', 'told', 'restore'].map((head) => head.padEnd(8)).join('')}`.trimEnd(),
    ...rows,
    '',
    ...(findings.length === 0
      ? ['Every outage leaves a way to end it.']
      : findings.map(({ state, what, because }) => `! ${state}: ${what}\n    ${because}`)),
    '',
    `What takes every way in from afar away: ${cutsOfWayIn.map((cut) => cut.join(' + ')).join('; ')}`,
    '',
  ].join('\n');
}
