import { expect, test } from 'vitest';
import { broken, holds, unknown } from '../harness/index.ts';
import type { EventBody, Judgement, Verdict } from '../harness/index.ts';
import { differencesFrom, isAsExpected, reasonOf, untoldOf } from './as-expected.ts';

const judgement = (name: string, verdict: Verdict): Judgement => ({
  name,
  means: '',
  aspect: 'data',
  verdict,
});
const split = judgement('no-split-brain', broken('9 files', [{ what: 'a file', evidence: [1] }]));
const lost = judgement('no-lost-write', broken('3 writes', [{ what: 'a write', evidence: [2] }]));
const fine = judgement('no-lost-write', holds('all are there', 5));

test('as expected: the same verdict and exactly the same oracles broken', () => {
  const expected = { verdict: 'broken', broken: ['no-split-brain'] } as const;
  expect(isAsExpected(expected, { verdict: 'broken', judgements: [split, fine] })).toBe(true);
  expect(isAsExpected(expected, { verdict: 'broken', judgements: [split, lost] })).toBe(false);
  expect(isAsExpected(expected, { verdict: 'broken', judgements: [lost] })).toBe(false);
  expect(isAsExpected({ verdict: 'holds', broken: [] }, { verdict: 'holds', judgements: [fine] })).toBe(true);
});

test('what a story leaves to chance may break, and need not', () => {
  const expected = { verdict: 'broken', broken: ['no-split-brain'], mayBreak: ['no-lost-write'] } as const;
  expect(isAsExpected(expected, { verdict: 'broken', judgements: [split, fine] })).toBe(true);
  expect(isAsExpected(expected, { verdict: 'broken', judgements: [split, lost] })).toBe(true);
  expect(isAsExpected(expected, { verdict: 'broken', judgements: [lost] })).toBe(false);
});

test('a verdict that holds may be broken by what may break, and by nothing else', () => {
  const expected = { verdict: 'holds', broken: [], mayBreak: ['no-lost-write'] } as const;
  expect(isAsExpected(expected, { verdict: 'holds', judgements: [fine] })).toBe(true);
  expect(isAsExpected(expected, { verdict: 'broken', judgements: [lost] })).toBe(true);
  expect(isAsExpected(expected, { verdict: 'broken', judgements: [split, lost] })).toBe(false);
  expect(isAsExpected(expected, { verdict: 'unknown', judgements: [fine] })).toBe(false);
});

test('a run that was cut off has proven what broke, and nothing of what must have stayed whole', () => {
  const expected = { verdict: 'broken', broken: ['no-split-brain'] } as const;
  const cutOff = judgement('no-lost-write', unknown('the run was aborted'));
  expect(differencesFrom(expected, { verdict: 'broken', judgements: [split, cutOff] })).toEqual([
    'nothing can be said to hold: the run was aborted',
  ]);
  expect(isAsExpected(expected, { verdict: 'broken', judgements: [split, cutOff, fine] })).toBe(true);
  const luck = { verdict: 'holds', broken: [], mayBreak: ['no-split-brain'] } as const;
  expect(isAsExpected(luck, { verdict: 'broken', judgements: [split, fine] })).toBe(true);
  expect(isAsExpected(luck, { verdict: 'broken', judgements: [split, cutOff] })).toBe(false);
});

test('every difference is told', () => {
  expect(
    differencesFrom(
      { verdict: 'holds', broken: ['gate-honest', 'no-lost-write'] },
      { verdict: 'broken', judgements: [split, fine] },
    ),
  ).toEqual([
    'expected the verdict holds, got broken',
    'expected gate-honest to be broken: no oracle of that name judged the run',
    'expected no-lost-write to be broken: it is "holds", all are there',
    'did not expect no-split-brain to be broken: 9 files',
  ]);
});

test('the reason is that of the first oracle with the verdict, and names the others', () => {
  expect(reasonOf({ verdict: 'broken', judgements: [split, lost] })).toBe(
    'no-split-brain: 9 files (also broken: no-lost-write)',
  );
  expect(
    reasonOf({ verdict: 'unknown', judgements: [fine, judgement('gate-honest', unknown('no proof'))] }),
  ).toBe('gate-honest: no proof');
  expect(reasonOf({ verdict: 'holds', judgements: [fine] })).toBe(
    'the one oracle holds; no-lost-write: all are there',
  );
  expect(reasonOf({ verdict: 'unknown', judgements: [] })).toBe('no oracle judged the run');
});

test('an alert of the story must come while it is played, and by its own name', () => {
  const alert = (name: string, activeAtMs: number): EventBody => ({
    kind: 'alert',
    name,
    state: 'firing',
    receiver: 'pager',
    activeAtMs,
    labels: {},
  });
  const history = (...alerts: readonly EventBody[]) =>
    [
      alert('Early', 100),
      { kind: 'phase', phase: 'disturb' } as const,
      ...alerts,
      { kind: 'phase', phase: 'observe' } as const,
    ].map((body, seq) => ({ seq, atMs: seq * 1000, ...body }));
  const expected = { verdict: 'holds', broken: [], told: ['SplitBrain'] } as const;
  expect(untoldOf(expected, history(alert('SplitBrain', 1500)))).toEqual([]);
  const never = ['expected the alert SplitBrain: it never came'];
  expect(untoldOf(expected, history(alert('CustomerPageDown', 1500)))).toEqual(never);
  expect(untoldOf(expected, history(alert('SplitBrain', 500)))).toEqual(never);
  expect(untoldOf({ verdict: 'holds', broken: [] }, history())).toEqual([]);
});
