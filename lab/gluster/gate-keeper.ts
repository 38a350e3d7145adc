/**
 * Asks a gate of a site again and again: a question is a look, and the looks taken so far are the window. While an index keeps the gate
 * shut, a glance at it is enough, and the last look's decision stands.
 */
import {
  backlogOf,
  decisionOf,
  extrasOfGate,
  gateNamed,
  judgeGate,
  LOOK_AGAIN_MS,
  shutByIndex,
} from '../../harness/index.ts';
import type { Answer, AskGate, Backlog, GateFacts, NodeName, Shell, Waiver } from '../../harness/index.ts';
import { gateFacts } from './gate-facts.ts';
import { glance } from './glance.ts';

export interface KeeperOptions {
  readonly volume: string;
  readonly waivers: readonly Waiver[];
}

/** Looks older than any gate's window. */
const KEEP = 50;

/**
 * One keeper for one procedure. Looks are kept per gate and never shared between nodes that are asked about: the question changes
 * when a node has gone down and come back in between.
 */
export function gateKeeper(shells: readonly Shell[], options: KeeperOptions): AskGate {
  const looks = new Map<string, GateFacts[]>();
  const shut = new Map<string, { readonly answer: Answer; readonly atMs: number; backlog: Backlog }>();
  return async (name: string, node: NodeName, signal: AbortSignal) => {
    const gate = gateNamed(name);
    const key = `${name} ${node}`;
    const last = shut.get(key);
    if (
      last !== undefined &&
      Date.now() - last.atMs < LOOK_AGAIN_MS &&
      shutByIndex(last.answer, last.backlog)
    ) {
      last.backlog = await glance(shells, options.volume, signal);
      if (shutByIndex(last.answer, last.backlog)) return decisionOf(last.answer);
    }
    const facts = await gateFacts(shells, options.volume, gate.profile, {
      signal,
      extras: extrasOfGate(gate),
    });
    const window = [...(looks.get(key) ?? []), facts].slice(-KEEP);
    looks.set(key, window);
    const answer = judgeGate(gate, { node, waivers: options.waivers }, window);
    shut.set(key, { answer, atMs: facts.atMs + facts.tookMs, backlog: backlogOf(facts) });
    return decisionOf(answer);
  };
}
