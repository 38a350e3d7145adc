/**
 * Asks a gate of a site again and again: a question is a look, and the looks taken so far are the window. While an index keeps the gate
 * shut, a glance at it is enough, and the last look's decision stands.
 */
import {
  backlogOf,
  decisionOf,
  extrasOfGate,
  gateNamed,
  glanceSuffices,
  judgeGate,
  shutByIndex,
} from '../../harness/index.ts';
import type { Answer, AskGate, Backlog, GateFacts, NodeName, Shell, Waiver } from '../../harness/index.ts';
import { gateFacts } from './gate-facts.ts';
import { glance } from './glance.ts';

export interface KeeperOptions {
  readonly volume: string;
  readonly waivers: readonly Waiver[];
}

/** What is known of one question: the looks so far, the answer to them, and what the indices listed since. */
interface Asked {
  readonly looks: readonly GateFacts[];
  readonly answer: Answer;
  backlog: Backlog;
}

/** Looks older than any gate's window. */
const KEEP = 50;

/**
 * One keeper for one procedure. Looks are kept per gate and never shared between nodes that are asked about: the question changes
 * when a node has gone down and come back in between.
 */
export function gateKeeper(shells: readonly Shell[], options: KeeperOptions): AskGate {
  const asked = new Map<string, Asked>();
  return async (name: string, node: NodeName, signal: AbortSignal) => {
    const gate = gateNamed(name);
    const key = `${name} ${node}`;
    const last = asked.get(key);
    const newest = last?.looks.at(-1);
    if (
      last !== undefined &&
      newest !== undefined &&
      glanceSuffices(last.answer, last.backlog, newest, Date.now())
    ) {
      last.backlog = await glance(shells, options.volume, signal);
      if (shutByIndex(last.answer, last.backlog)) return decisionOf(last.answer);
    }
    const facts = await gateFacts(shells, options.volume, gate.profile, {
      signal,
      extras: extrasOfGate(gate),
    });
    const looks = [...(last?.looks ?? []), facts].slice(-KEEP);
    const answer = judgeGate(gate, { node, waivers: options.waivers }, looks);
    asked.set(key, { looks, answer, backlog: backlogOf(facts) });
    return decisionOf(answer);
  };
}
