/** The gate's answers about every node, as samples. */
import { gateFor } from '../gates/asking.ts';
import type { Asking } from '../gates/asking.ts';
import type { GateFacts, NodeFacts } from '../gates/facts.ts';
import { judgeGate, shutForGood, withStability } from '../gates/gate.ts';
import type { Answer, Gate, GateQuestion } from '../gates/gate.ts';
import type { NodeName } from '../model/names.ts';
import { asNumber } from './metrics.ts';
import type { Sample } from './metrics.ts';

/** Guests, routers, backups, ways in: asked about by who is going to reboot, not all day long. */
const ABOUT_A_REBOOT = 'F';
/** The metrics are about one volume: each volume has an exporter of its own. */
const OTHER_VOLUMES = 'A6';
/** Looks further apart than this many times the interval prove nothing about the time between. */
const MISSED = 3;

/** The gate that is asked about every node at each look. What is about one reboot is left out, unless it is asked for by name. */
export function exporterGate(asking: Omit<Asking, 'soakMs'>, everyMs: number): Gate {
  const gate = gateFor({ ...asking, soakMs: 0 });
  const [first, ...rest] = gate.conditions.filter(
    (one) => asking.only.length > 0 || (one.section !== ABOUT_A_REBOOT && one.code !== OTHER_VOLUMES),
  );
  if (first === undefined) throw new Error('bug: a profile judges more than guests and routers');
  const gapMs = Math.max(gate.stability.gapMs, everyMs * MISSED);
  return withStability({ ...gate, name: 'exporter', conditions: [first, ...rest] }, { gapMs });
}

export type QuestionAbout = (node: NodeName) => GateQuestion;

/** About every node that the newest look has asked. */
export function gateAnswers(
  gate: Gate,
  about: QuestionAbout,
  looks: readonly GateFacts[],
): readonly Answer[] {
  return (looks.at(-1)?.nodes ?? []).map(({ node }) => judgeGate(gate, about(node), looks));
}

/** `nodes`: what the newest look saw of those that the answers are about. */
export function gateSamples(
  volume: string,
  answers: readonly Answer[],
  nodes: readonly Pick<NodeFacts, 'node' | 'identity'>[],
): readonly Sample[] {
  const answered = new Set(nodes.filter(({ identity }) => identity.seen).map(({ node }) => node));
  return answers.flatMap((answer) => [
    ...(answered.has(answer.node)
      ? [
          {
            name: 'healproof_gate_open',
            labels: { volume, node: answer.node },
            value: asNumber(answer.kind === 'open'),
          } as const,
        ]
      : []),
    ...stateSamples(volume, answer),
    ...conditionSamples(volume, answer),
  ]);
}

/** For some node the newest look by itself has nothing against it: it takes only more such looks. */
export const isOpening = (
  gate: Gate,
  about: QuestionAbout,
  answers: readonly Answer[],
  newest: GateFacts,
): boolean =>
  answers.some(({ node, kind }) => kind !== 'open' && !shutForGood(judgeGate(gate, about(node), [newest])));

const stateSamples = (volume: string, { node, kind }: Answer): readonly Sample[] =>
  (['open', 'held', 'refused', 'unknown'] as const).map((state) => ({
    name: 'healproof_gate_state',
    labels: { volume, node, state },
    value: asNumber(state === kind),
  }));

const conditionSamples = (volume: string, { node, rulings }: Answer): readonly Sample[] =>
  rulings.flatMap(({ code, decision, waived }) => {
    const labels = { volume, node, condition: code };
    const isWaived = waived !== undefined;
    return [
      {
        name: 'healproof_gate_condition_open',
        labels,
        value: asNumber(isWaived || decision.kind === 'open'),
      },
      {
        name: 'healproof_gate_condition_refused',
        labels,
        value: asNumber(!isWaived && decision.kind === 'refused'),
      },
    ] as const;
  });
