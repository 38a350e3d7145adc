/** The gate's answers about every node, as samples. */
import { gateFor } from '../gates/asking.ts';
import type { Asking } from '../gates/asking.ts';
import type { GateFacts } from '../gates/facts.ts';
import { judgeGate, shutForGood, withStability } from '../gates/gate.ts';
import type { Answer, Gate, GateQuestion } from '../gates/gate.ts';
import type { NodeName } from '../model/names.ts';
import { asNumber } from './metrics.ts';
import type { Sample } from './metrics.ts';

/** Guests, routers, backups, ways in: asked about by who is going to reboot, not all day long. */
const ABOUT_A_REBOOT = 'F';
/** Looks further apart than this many times the interval prove nothing about the time between. */
const MISSED = 3;

/** The gate that is asked about every node at each look. What is about one reboot is left out, unless it is asked for by name. */
export function exporterGate(asking: Omit<Asking, 'soakMs'>, everyMs: number): Gate {
  const gate = gateFor({ ...asking, soakMs: 0 });
  const [first, ...rest] = gate.conditions.filter(
    (one) => asking.only.length > 0 || one.section !== ABOUT_A_REBOOT,
  );
  if (first === undefined) throw new Error('bug: a profile judges more than guests and routers');
  const gapMs = Math.max(gate.stability.gapMs, everyMs * MISSED);
  return withStability({ ...gate, name: 'exporter', conditions: [first, ...rest] }, { gapMs });
}

export type QuestionAbout = (node: NodeName) => GateQuestion;

export function gateSamples(
  gate: Gate,
  about: QuestionAbout,
  looks: readonly GateFacts[],
): readonly Sample[] {
  const facts = looks.at(-1);
  return (facts?.nodes ?? []).flatMap(({ node, identity }) => {
    const answer = judgeGate(gate, about(node), looks);
    return [
      ...(identity.seen
        ? [
            {
              name: 'healproof_gate_open',
              labels: { node },
              value: asNumber(answer.kind === 'open'),
            } as const,
          ]
        : []),
      ...stateSamples(answer),
      ...conditionSamples(answer),
    ];
  });
}

/** For some node the newest look by itself has nothing against it: it takes only more such looks. */
export function isOpening(gate: Gate, about: QuestionAbout, looks: readonly GateFacts[]): boolean {
  return looks.slice(-1).some((newest) =>
    newest.nodes.some(({ node }) => {
      const question = about(node);
      return (
        judgeGate(gate, question, looks).kind !== 'open' && !shutForGood(judgeGate(gate, question, [newest]))
      );
    }),
  );
}

const stateSamples = ({ node, kind }: Answer): readonly Sample[] =>
  (['open', 'held', 'refused', 'unknown'] as const).map((state) => ({
    name: 'healproof_gate_state',
    labels: { node, state },
    value: asNumber(state === kind),
  }));

const conditionSamples = ({ node, rulings }: Answer): readonly Sample[] =>
  rulings.map(({ code, decision, waived }) => ({
    name: 'healproof_gate_condition_open',
    labels: { node, condition: code },
    value: asNumber(decision.kind === 'open' || waived !== undefined),
  }));
