import { describe, expect, test } from 'vitest';
import {
  adding,
  everyOracle,
  healthyNight,
  historyOf,
  judge,
  splitBrainFilesIn,
  withoutBrick,
  words,
  LAYOUTS,
  without,
} from '../../../harness/index.ts';
import type { History, PreciseFinding, Verdict } from '../../../harness/index.ts';
import { TEETH } from './teeth.ts';
import { blameEachOther, BRICKS, oracleCalled, planted } from './tooth.ts';

const ORACLES = everyOracle();
const HEALTHY = historyOf(healthyNight());

const said = (verdict: Verdict): string =>
  [verdict.because, ...(verdict.kind === 'broken' ? verdict.findings.map(({ what }) => what) : [])].join(
    '\n',
  );

describe.each(ORACLES.map(({ name }) => name))('%s', (name) => {
  const { check } = oracleCalled(name);
  const teeth = TEETH.filter((tooth) => tooth.oracle === name);

  test('has teeth', () => {
    expect(teeth.map(({ bug }) => bug)).not.toEqual([]);
  });

  test.each(teeth)('catches: $bug', (tooth) => {
    const history = planted(tooth);
    const verdict = check(history);
    expect({ kind: verdict.kind, said: said(verdict) }).toEqual({
      kind: tooth.answers,
      said: expect.stringMatching(tooth.says),
    });
    const findings = verdict.kind === 'broken' ? verdict.findings : [];
    for (const seq of findings.flatMap(({ evidence }) => evidence)) expect(history[seq]?.seq).toBe(seq);
  });

  test.each(LAYOUTS)('holds on a night that goes well (%s)', (layout) => {
    expect(check(historyOf(healthyNight({ layout })))).toMatchObject({ kind: 'holds' });
  });

  test('knows nothing from an empty history', () => {
    expect(check([])).toEqual({ kind: 'unknown', because: 'the history is empty' });
  });

  test('knows nothing from a history that is cut off, wherever', () => {
    const close = HEALTHY.findIndex((event) => event.kind === 'phase' && event.phase === 'close');
    const cuts = [1, 2, 10, ...Array.from({ length: 40 }, (_, i) => Math.floor((close * (i + 1)) / 40))];
    for (const cut of cuts)
      expect({ cut, kind: check(HEALTHY.slice(0, cut)).kind }).toEqual({ cut, kind: 'unknown' });
  });

  test('knows nothing from a history without its beginning or with a hole', () => {
    const hole = [...HEALTHY.slice(0, 700), ...HEALTHY.slice(730)];
    for (const history of [HEALTHY.slice(5), hole]) expect(check(history)).toMatchObject({ kind: 'unknown' });
  });

  test('knows nothing from a run that was aborted, but keeps what was proven before', () => {
    const abort = (history: typeof healthyNight extends () => infer D ? D : never): History =>
      historyOf(adding(history, [[41_700, { kind: 'aborted', because: 'the engine is gone' }]]));
    expect(check(abort(healthyNight()))).toEqual({
      kind: 'unknown',
      because: 'the run was aborted: the engine is gone',
    });
    for (const { answers, night, plant } of teeth)
      expect(check(abort(plant(healthyNight(night)))).kind).toBe(answers);
  });
});

test('a tooth that no oracle has would bite nobody', () => {
  const names = new Set(ORACLES.map(({ name }) => name));
  expect(TEETH.filter(({ oracle }) => !names.has(oracle))).toEqual([]);
});

test('an oracle that throws makes the run unknown', () => {
  const [oracle] = ORACLES;
  const thrower = {
    ...oracle,
    check: () => {
      throw new Error('planted');
    },
  };
  expect(judge([thrower], HEALTHY)).toMatchObject({ verdict: 'unknown' });
});

test('routers that write nothing by plan have nothing to lose, if they live', () => {
  const { check } = oracleCalled('no-lost-write');
  const silent = healthyNight({ writeEveryMs: 0 });
  expect(check(historyOf(silent))).toMatchObject({ kind: 'holds' });
  const dead = without(silent, ({ body }) => body.kind === 'heartbeat');
  expect(check(historyOf(dead))).toMatchObject({ kind: 'unknown' });
});

test('a finding says when it was, and of which node, brick, router or file it speaks where there is one', () => {
  const quiet = TEETH.filter(({ answers }) => answers === 'broken').filter((tooth) => {
    const verdict = oracleCalled(tooth.oracle).check(planted(tooth));
    const findings: readonly PreciseFinding[] = verdict.kind === 'broken' ? verdict.findings : [];
    return findings.length === 0 || findings.some(({ atMs }) => atMs === undefined);
  });
  expect(quiet.map(({ bug }) => bug)).toEqual([]);
});

test('files in split-brain are counted by their own attributes, and not at all with a brick missing', () => {
  const look = HEALTHY.findLast((event) => event.kind === 'observed');
  if (look === undefined) throw new Error('the night has no look');
  const split = blameEachOther(blameEachOther(look.snapshot, words(1, 1)), words(0, 1), '/customers/1.pdf');
  expect(splitBrainFilesIn(look.snapshot)).toBe(0);
  expect(splitBrainFilesIn(split)).toBe(2);
  expect(splitBrainFilesIn(withoutBrick(split, BRICKS[0]))).toBeUndefined();
  const damaged = blameEachOther(look.snapshot, '00000001');
  expect(splitBrainFilesIn(damaged)).toBeUndefined();
});
