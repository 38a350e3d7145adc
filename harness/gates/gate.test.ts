import { describe, expect, it } from 'vitest';
import { node } from '../model/names.ts';
import type { Condition } from './condition.ts';
import { combine, held, open, refused, unseen, worstKind } from './decision.ts';
import type { Decision } from './decision.ts';
import type { GateFacts } from './facts.ts';
import { decisionOf, judgeGate, windowOf } from './gate.ts';
import type { Gate } from './gate.ts';
import { CONDITIONS, gateNamed } from './gates.ts';

const look = (atMs: number): GateFacts => ({
  atMs,
  tookMs: 1,
  volume: 'v',
  profile: 'fast',
  nodes: [],
  healWitnesses: [],
  healLeftOut: undefined,
  bricks: [],
  audited: { seen: false, because: 'not asked' },
  sums: { seen: false, because: 'not asked' },
  surroundings: {
    lease: { seen: false, because: 'not asked' },
    outOfBand: { seen: false, because: 'not asked' },
    alerting: { seen: false, because: 'not asked' },
    canary: { seen: false, because: 'not asked' },
  },
});

const condition = (code: string, decide: () => Decision): Condition => ({
  code,
  name: code.toLowerCase(),
  section: 'A',
  checks: '',
  why: '',
  wouldHavePrevented: '',
  needs: 'fast',
  decide,
});

const gate = (...conditions: readonly [Condition, ...Condition[]]): Gate => ({
  name: 'g',
  says: '',
  profile: 'fast',
  stability: { looks: 3, spanMs: 2000, gapMs: 5000, soakMs: 0 },
  conditions,
});
const LOOKS = [look(0), look(1000), look(2000)];
const ask = (
  of: Gate,
  looks: readonly GateFacts[] = LOOKS,
  waivers = [] as { condition: string; why: string }[],
) => judgeGate(of, { node: node('n'), waivers }, looks);

describe('decisions', () => {
  it('the worst wins, and nothing decided is not known', () => {
    expect(worstKind(['open', 'held', 'unknown', 'refused'])).toBe('refused');
    expect(worstKind(['held', 'unknown'])).toBe('unknown');
    expect(worstKind([])).toBe('unknown');
    expect(combine([], 'x')).toEqual(unseen('nothing was looked at'));
  });

  it('a refusal heals only when each of its reasons does', () => {
    const both = combine([refused(['a'], 'wait', true), refused(['b'], 'repair')], '');
    expect(both).toEqual({ kind: 'refused', because: ['a', 'b'], todo: 'wait repair', heals: false });
  });
});

describe('a window', () => {
  it('is not broken by looks that take long, only by time in which nobody looked', () => {
    const long = [0, 20_000, 40_000].map((atMs) => ({ ...look(atMs), tookMs: 19_000 }));
    const wanted = gate(condition('A1', () => open(''))).stability;
    expect(windowOf(wanted, long)).toHaveLength(3);
    expect(
      windowOf(
        wanted,
        [0, 20_000, 40_000].map((atMs) => look(atMs)),
      ),
    ).toHaveLength(1);
  });
});

describe('a gate', () => {
  it('opens when every condition does over the whole window', () => {
    expect(ask(gate(condition('A', () => open('x')))).kind).toBe('open');
  });

  it('is held by one look, however good it is', () => {
    const answer = ask(gate(condition('A', () => open('x'))), [look(0)]);
    expect(answer.kind).toBe('held');
    expect(answer.sentences).toEqual([
      'window: 1 of 3 looks taken, over 0.0 s of 2.0 s: one look proves nothing',
    ]);
  });

  it('is held by too few looks, however far apart', () => {
    expect(ask(gate(condition('A', () => open('x'))), [look(0), look(3000)]).kind).toBe('held');
  });

  it('does not know without any look', () => {
    expect(ask(gate(condition('A', () => open('x'))), []).kind).toBe('unknown');
  });

  it('a condition that fails by itself keeps it shut', () => {
    const answer = ask(
      gate(
        condition('A', () => {
          throw new Error('oops');
        }),
      ),
    );
    expect(answer.kind).toBe('unknown');
    expect(answer.sentences[0]).toContain('oops');
  });

  it('what is waived is judged and shown, but does not count', () => {
    const waived = [{ condition: 'A', why: 'two bricks by design' }];
    const answer = ask(
      gate(
        condition('A', () => refused(['no'], 'do')),
        condition('B', () => open('x')),
      ),
      LOOKS,
      waived,
    );
    expect(answer.kind).toBe('open');
    expect(answer.rulings[0]).toMatchObject({
      waived: 'two bricks by design',
      decision: { kind: 'refused' },
    });
    expect(() => ask(gate(condition('A', () => open(''))), LOOKS, [{ condition: 'Z', why: '' }])).toThrow(
      /no condition Z/,
    );
  });

  it('tells the history held for what it does not know', () => {
    const answer = ask(
      gate(
        condition('A', () => unseen('no answer')),
        condition('B', () => held('heal')),
      ),
    );
    expect(decisionOf(answer)).toEqual({
      kind: 'held',
      waitingFor: ['A: no answer', 'B: heal'],
      summary: 'not known: no answer (A); heal (B)',
    });
  });

  it('tells apart what only needs more looks: nothing on the site is waited for', () => {
    const healed = gate(condition('A', () => open('')));
    expect(decisionOf(ask(healed, LOOKS.slice(0, 2)))).toMatchObject({ kind: 'held', onlyLooks: true });
    expect(decisionOf(ask(gate(condition('A', () => held('heal')))))).not.toHaveProperty('onlyLooks');
  });
});

describe('the window', () => {
  const rule = { looks: 2, spanMs: 1000, gapMs: 1500, soakMs: 0 };
  it('takes no more looks than it needs, and none before a gap', () => {
    expect(windowOf(rule, [look(0), look(1000), look(2000)])?.map((one) => one.atMs)).toEqual([1000, 2000]);
    expect(windowOf(rule, [look(0), look(5000), look(5500)])?.map((one) => one.atMs)).toEqual([5000, 5500]);
  });
});

it('every condition says what it checks, why, and what it would have prevented; codes are unique', () => {
  expect(new Set(CONDITIONS.map((one) => one.code)).size).toBe(CONDITIONS.length);
  for (const one of CONDITIONS) {
    expect([one.checks, one.why, one.wouldHavePrevented].every((text) => text.length > 20)).toBe(true);
    expect(one.code.startsWith(one.section)).toBe(true);
  }
  expect(() => gateNamed('nope')).toThrow(/gates are: healed/);
});

it('no condition opens on a site that nobody could see', () => {
  for (const one of CONDITIONS) {
    expect(`${one.code} ${one.decide([look(0)], { node: node('n') }).kind}`).toBe(`${one.code} unknown`);
  }
});
