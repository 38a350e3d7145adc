import { expect, test } from 'vitest';
import { node, router } from '../../harness/index.ts';
import type { EventBody, GateDecision, History } from '../../harness/index.ts';
import { writeRate } from './series.ts';
import { gateWaits } from './states.ts';

const history = (...lines: readonly (readonly [seconds: number, body: EventBody])[]): History =>
  lines.map(([seconds, body], seq) => ({ seq, atMs: seconds * 1000, ...body }));
const asked = (decision: GateDecision, name = 'pve2'): EventBody => ({
  kind: 'gate',
  gate: 'healed',
  node: node(name),
  decision,
});
const OPEN = { kind: 'open' } as const;
const HELD = { kind: 'held', waitingFor: ['heals'] } as const;
const REFUSED = { kind: 'refused', because: ['sole good copy'] } as const;

test('a gate that holds and refuses by turns until it opens is one wait', () => {
  const seen = history(
    [1, asked(HELD)],
    [2, asked(REFUSED)],
    [3, asked(REFUSED)],
    [5, asked(HELD)],
    [6, asked(OPEN)],
  );
  expect(gateWaits(seen)).toMatchObject([
    {
      fromMs: 1000,
      toMs: 6000,
      first: HELD,
      last: OPEN,
      answers: [
        { fromMs: 1000, toMs: 2000, state: 'held' },
        { fromMs: 2000, toMs: 5000, state: 'refused' },
        { fromMs: 5000, toMs: 6000, state: 'held' },
      ],
    },
  ]);
});

test('waits of different nodes, and a wait after an opening, are apart; one that never opens stays', () => {
  const seen = history([1, asked(HELD)], [2, asked(OPEN, 'pve3')], [3, asked(OPEN)], [9, asked(REFUSED)]);
  expect(gateWaits(seen).map(({ node: name, fromMs, last }) => [name, fromMs, last.kind])).toEqual([
    ['pve2', 1000, 'open'],
    ['pve3', 2000, 'open'],
    ['pve2', 9000, 'refused'],
  ]);
});

test('a moment at the end of the window makes no rate of its own', () => {
  const A = router('router-a');
  const written = (seconds: number, record: number): readonly [number, EventBody] => [
    seconds,
    { kind: 'write-acknowledged', router: A, record, guestMs: record },
  ];
  const seen = history(written(0.5, 1), written(1.5, 2), written(2.005, 3), written(3, 4));
  const rates = writeRate(seen, A, { fromMs: 0, toMs: 2010 }, 1000);
  expect(rates.map(({ perSecond }) => Math.round(perSecond))).toEqual([1, 2]);
  expect(rates.at(-1)?.toMs).toBe(2010);
});
