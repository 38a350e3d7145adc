/** Asks a gate of a site again and again: each question is one look, and the looks taken so far are the window. */
import { decisionOf, extrasOfGate, gateNamed, judgeGate } from '../../harness/index.ts';
import type { Answer, AskGate, GateFacts, NodeName, Shell, Waiver } from '../../harness/index.ts';
import { gateFacts } from './gate-facts.ts';

export interface KeeperOptions {
  readonly volume: string;
  readonly waivers: readonly Waiver[];
  /** Patterns of VM images below the volume's root. */
  readonly images?: readonly string[];
  /** Called with every full answer: the decision that a procedure gets is only a summary of it. */
  readonly onAnswer?: (answer: Answer, facts: GateFacts) => void;
}

/** Looks older than any gate's window. */
const KEEP = 50;

/**
 * One keeper for one procedure. Looks are kept per gate and never shared between nodes that are asked about: the question changes
 * when a node has gone down and come back in between.
 */
export function gateKeeper(shells: readonly Shell[], options: KeeperOptions): AskGate {
  const looks = new Map<string, GateFacts[]>();
  return async (name: string, node: NodeName, signal: AbortSignal) => {
    const gate = gateNamed(name);
    const key = `${name} ${node}`;
    const facts = await gateFacts(shells, options.volume, gate.profile, {
      signal,
      extras: extrasOfGate(gate),
      ...(options.images === undefined ? {} : { images: options.images }),
    });
    const window = [...(looks.get(key) ?? []), facts].slice(-KEEP);
    looks.set(key, window);
    const answer = judgeGate(gate, { node, waivers: options.waivers }, window);
    options.onAnswer?.(answer, facts);
    return decisionOf(answer);
  };
}
