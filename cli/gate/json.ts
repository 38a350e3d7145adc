/** The answer for machines. The shape is part of the product: fields are added, not renamed. */
import { reasonsOf } from '../../harness/index.ts';
import { notJudged } from './answer.ts';
import type { Asked } from './answer.ts';

export function answerJson({ node, volume, gate, waivers, ended, exitCode, stallMs }: Asked): object {
  const { answer, backlog, trend, because, facts, tookMs, stalledMs } = ended;
  return {
    verdict: exitCode === 2 ? 'refused' : answer.kind,
    exitCode,
    node,
    volume: volume.name,
    profile: gate.profile,
    /** open, asked, hopeless, stalled, late, interrupted */
    ended: because,
    summary: answer.summary,
    sentences: answer.sentences,
    todo: [...new Set(answer.todo)],
    worthWaiting: answer.worthWaiting && because !== 'stalled',
    conditions: answer.rulings.map(({ code, name, decision, waived }) => ({
      code,
      name,
      decision: decision.kind,
      reasons: reasonsOf(decision),
      ...(decision.kind === 'open' ? { saw: decision.saw } : {}),
      ...(decision.kind === 'refused' ? { todo: decision.todo, heals: decision.heals } : {}),
      ...(waived === undefined ? {} : { waived }),
    })),
    waived: waivers,
    notJudged: notJudged(gate).map(({ code, name, needs }) => ({ code, name, needs })),
    window: { looks: answer.looks, decision: answer.stability.kind, reasons: reasonsOf(answer.stability) },
    backlog: {
      /** null: the brick was not read. */
      bricks: backlog.bricks.map(({ brick, pending }) =>
        typeof pending === 'number' ? { brick, pending } : { brick, pending: null, because: pending.because },
      ),
      perSecond: trend?.perSecond ?? null,
      emptyInSeconds: trend?.emptyIn ?? null,
      stalledForSeconds: Math.round(stalledMs / 1000),
      stalledAfterSeconds: Math.round(stallMs / 1000),
    },
    nodes: facts.nodes.map((one) => ({
      node: one.node,
      answered: one.identity.seen,
      tookMs: one.tookMs,
      ...(one.identity.seen ? {} : { because: one.identity.because }),
    })),
    tookMs,
  };
}
