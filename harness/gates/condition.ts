/** A condition: one named question that is asked of every look in the window. */
import type { Seen } from '../model/facts.ts';
import type { NodeName } from '../model/names.ts';
import { combine, open, unseen } from './decision.ts';
import type { Decision } from './decision.ts';
import type { Extra, Extras, GateFacts, NodeFacts, Profile } from './facts.ts';
import type { SiteDescription } from './site-description.ts';
import type { Topic } from './summary.ts';

/** Sections of the gate's definition: identity, processes, connectivity, data, quorum margins, workload. */
export type Section = 'A' | 'B' | 'C' | 'D' | 'E' | 'F';

/** Looks in the order in which they were taken; the last one is the newest. */
export type Window = readonly [GateFacts, ...GateFacts[]];

/** What is asked: may `node` go down? */
export interface Question {
  readonly node: NodeName;
  /** How long nodes and bricks must have been up, and logs quiet; from the gate's stability. */
  readonly soakMs?: number;
  /** What the site's owner says about it. */
  readonly site?: SiteDescription;
  /** Every look taken so far, oldest first: the window is the end of it. Filled in by the gate. */
  readonly looks?: readonly GateFacts[];
}

export interface Condition {
  /** As the reference numbers it, such as `D1`; a letter follows where one entry there became several. */
  readonly code: string;
  /** Kebab-case. */
  readonly name: string;
  readonly section: Section;
  /** What is compared with what, in one sentence. */
  readonly checks: string;
  readonly why: string;
  readonly wouldHavePrevented: string;
  /** Conditions that one cause shuts together; the summary tells it once. */
  readonly topic?: Topic;
  /** The smallest profile whose facts suffice. */
  readonly needs: Profile;
  /** Facts that are read only when some condition asks for them. */
  readonly asks?: readonly Extra[];
  /** Pure. Must not answer open when anything it needs was not seen. */
  readonly decide: (window: Window, question: Question) => Decision;
}

export const newest = (window: Window): GateFacts => window.at(-1) ?? window[0];

/** Judges each look by itself; one bad look in the window is enough. A finding that only older looks have says how old it is. */
export function everyLook(
  judge: (facts: GateFacts, question: Question) => Decision,
): (window: Window, question: Question) => Decision {
  return (window, question) => {
    const latest = newest(window);
    const decisions = window.map((facts) => {
      const decision = judge(facts, question);
      return facts === latest ? decision : aged(decision, latest.atMs - facts.atMs);
    });
    const last = decisions.at(-1);
    if (last !== undefined && last.kind !== 'open') return last;
    return combine(decisions, last?.kind === 'open' ? last.saw : '');
  };
}

function aged(decision: Decision, agoMs: number): Decision {
  const mark = (text: string): string => `${(agoMs / 1000).toFixed(1)} s ago: ${text}`;
  switch (decision.kind) {
    case 'open':
      return decision;
    case 'held':
      return { ...decision, waitingFor: decision.waitingFor.map(mark) };
    case 'refused':
    case 'unknown':
      return { ...decision, because: decision.because.map(mark) };
  }
}

/** The facts of the node that is asked about, or why there are none. */
export function factsOf(facts: GateFacts, node: NodeName): Seen<{ readonly of: NodeFacts }> {
  const found = facts.nodes.find((one) => one.node === node);
  return found === undefined
    ? { seen: false, because: `${node} was not asked, so nothing is known about it` }
    : { seen: true, of: found };
}

/** Nodes that are hypervisors, by the site's description. */
export const hypervisors = (facts: GateFacts, { site }: Question): readonly NodeFacts[] =>
  facts.nodes.filter((one) => site?.withoutGuests?.includes(one.node) !== true);

/** For what is asked of hypervisors only: open when the site's description says that none of the nodes is one. */
export const noHypervisor = (facts: GateFacts, question: Question): Decision | undefined =>
  facts.nodes.length > 0 && hypervisors(facts, question).length === 0
    ? open('no node is a hypervisor, by the site’s description')
    : undefined;

/** Reads one field of every node; a node that did not show it becomes an `unknown` that names the node and the reason. */
export function ofEveryNode<T>(
  facts: GateFacts,
  what: string,
  field: (one: NodeFacts) => Seen<T>,
  judge: (value: T, one: NodeFacts) => readonly Decision[],
): readonly Decision[] {
  if (facts.nodes.length === 0) return [unseen(`no node was asked for ${what}`)];
  return facts.nodes.flatMap((one) => {
    const value = field(one);
    return value.seen ? judge(value, one) : [unseen(`${what} of ${one.node} was not seen: ${value.because}`)];
  });
}

/** The same for a field of the extras, where only some nodes matter. */
export function ofNodes<K extends keyof Extras>(
  facts: GateFacts,
  key: K,
  what: string,
  judge: (value: Extract<Extras[K], { readonly seen: true }>, one: NodeFacts) => readonly Decision[],
  nodes: readonly NodeFacts[] = facts.nodes,
): readonly Decision[] {
  if (nodes.length === 0) return [unseen(`no node was asked for ${what}`)];
  return nodes.flatMap((one) => {
    const value: Extras[K] = one.extra[key];
    return value.seen
      ? judge(value as Extract<Extras[K], { readonly seen: true }>, one)
      : [unseen(`${what} of ${one.node} was not seen: ${value.because}`)];
  });
}
