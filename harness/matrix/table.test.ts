import { describe, expect, it } from 'vitest';
import { CONDITIONS } from '../gates/gates.ts';
import type { ConditionRuling, Event, EventBody } from '../model/event.ts';
import { node } from '../model/names.ts';
import { conditionsFlip } from '../oracles/conditions-flip.ts';
import { FAULTS, faultNamed, faultsOf } from '../faults/catalogue.ts';
import { flipDifferences } from '../faults/flips.ts';
import { MATRIX_GATE_DEEP, NOT_IN_THE_MATRIX } from './gates.ts';
import { matrixProcedure } from './procedure.ts';
import { detectionOf, detectionTable, flipsOf, matrixTable } from './table.ts';

const ruling = (code: string, kind: ConditionRuling['kind'] = 'open', waived = false): ConditionRuling => ({
  code,
  kind,
  because: kind === 'open' ? [] : [`${code} says so`],
  waived,
});
const FAULT = faultNamed('favorite-child');
const RIGHT = [ruling('A3c', 'refused'), ruling('D1'), ruling('A3a', 'refused', true)];

describe('the catalogue', () => {
  it('has each fault once, with a receipt, an end and an honest limit', () => {
    expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(FAULTS.length);
    const empty = FAULTS.filter(({ says, standsFor, receipt, ends, limit }) =>
      [says, standsFor, receipt, ends, limit].includes(''),
    );
    expect(empty).toEqual([]);
  });

  it('flips every condition of the matrix by at least one fault, and says why the others are left out', () => {
    const flipped = new Set(FAULTS.flatMap(({ shuts }) => shuts.map(({ code }) => code)));
    const asked = MATRIX_GATE_DEEP.conditions.map(({ code }) => code);
    expect(asked.filter((code) => !flipped.has(code))).toEqual([]);
    const all = [...asked, ...Object.keys(NOT_IN_THE_MATRIX)].toSorted();
    expect(all).toEqual(CONDITIONS.map(({ code }) => code).toSorted());
  });

  it('names only conditions that there are', () => {
    const codes = CONDITIONS.map(({ code }) => code);
    const named = FAULTS.flatMap(({ shuts, mayShut = [] }) => [...shuts, ...mayShut]);
    expect(named.filter(({ code }) => !codes.includes(code))).toEqual([]);
  });

  it('refuses a name that no fault has', () => {
    expect(() => faultNamed('gremlins')).toThrow(/no fault "gremlins"/);
  });
});

describe('flips', () => {
  it.each<[string, readonly ConditionRuling[], readonly string[]]>([
    ['as they must be', RIGHT, []],
    ['a condition that stays open', [ruling('A3c')], ['A3c is open, must be refused: the option says so']],
    ['a condition that was not asked', [], ['A3c was not judged']],
    [
      'another one that shuts too',
      [...RIGHT, ruling('C2', 'held')],
      ['C2 is held, must be open: C2 says so'],
    ],
  ])('%s', (_, rulings, expected) => {
    expect(flipDifferences(FAULT, rulings)).toEqual(expected);
  });

  it('without a fault all must be open', () => {
    expect(flipDifferences(undefined, [ruling('D1', 'unknown')])).toEqual([
      'D1 is unknown, must be open: D1 says so',
    ]);
  });
});

describe('the matrix as a procedure', () => {
  it('asks before, while and after each fault', () => {
    const { steps } = matrixProcedure(faultsOf('data', 'replica-2'), {
      nodes: [node('a'), node('b'), node('c')],
      gate: 'matrix',
      quickGate: 'healed',
      deepGate: 'matrix-deep',
      shutSeconds: 1,
      cleanSeconds: 1,
      atLeastSeconds: 0,
    });
    expect(steps.map(({ does }) => does.kind).slice(0, 5)).toEqual([
      'rule',
      'inject',
      'rule',
      'end-fault',
      'rule',
    ]);
    expect(steps).toHaveLength(2 + 4 * faultsOf('data', 'replica-2').length);
  });
});

const history = (...bodies: readonly EventBody[]): readonly Event[] =>
  bodies.map((body, seq) => ({ seq, atMs: seq * 1000, ...body }));
const NODE = node('pve2');
const played = (rulings: readonly ConditionRuling[]) =>
  history(
    { kind: 'phase', phase: 'disturb' },
    { kind: 'ruled', gate: 'matrix', node: NODE, rulings: [ruling('A3c')] },
    { kind: 'step-ended', of: 0, outcome: { kind: 'done', output: '' } },
    { kind: 'fault-began', fault: 'favorite-child', target: 'pve3' },
    { kind: 'receipt', of: 3, receipt: { what: 'policy mtime', seenBy: 'pve1' } },
    { kind: 'ruled', gate: 'matrix', node: NODE, of: 3, rulings },
    {
      kind: 'alert',
      name: 'Odd',
      state: 'firing',
      receiver: 'pager',
      activeAtMs: 5500,
      labels: { severity: 'page' },
    },
    { kind: 'fault-ended', of: 3 },
    { kind: 'phase', phase: 'settle' },
    { kind: 'phase', phase: 'observe' },
    { kind: 'phase', phase: 'close' },
  );

describe('the oracle conditions-flip', () => {
  const oracle = conditionsFlip([FAULT]);
  const whole = (rulings: readonly ConditionRuling[]): readonly Event[] => {
    const first = {
      kind: 'run-began',
      run: 'r',
      scenario: 's',
      spec: {},
      epochMs: 0,
      versions: {},
      modelled: [],
    };
    const rest = played(rulings).map(({ seq: _seq, atMs: _at, ...body }) => body as EventBody);
    return history(
      ...[first as unknown as EventBody, ...rest].map((body) =>
        'of' in body && typeof body.of === 'number' ? { ...body, of: body.of + 1 } : body,
      ),
    );
  };

  it('holds when each fault shuts what it must', () => {
    expect(oracle.check(whole(RIGHT))).toMatchObject({ kind: 'holds' });
  });
  it('is broken when one does not', () => {
    expect(oracle.check(whole([ruling('A3c')]))).toMatchObject({ kind: 'broken' });
  });
  it('is broken when another condition shuts', () => {
    expect(oracle.check(whole([...RIGHT, ruling('E1', 'refused')]))).toMatchObject({ kind: 'broken' });
  });
  it('does not know about a fault that nobody saw take effect, whatever the gate answered', () => {
    const unproven = whole([ruling('A3c')]).map((event): Event =>
      event.kind === 'receipt'
        ? { seq: event.seq, atMs: event.atMs, kind: 'no-receipt', of: event.of, expected: 'x', because: 'y' }
        : event,
    );
    expect(oracle.check(unproven)).toMatchObject({ kind: 'unknown' });
  });
  it('does not know when the last question was given up', () => {
    const outcome = { kind: 'given-up', because: 'no answer twice alike' } as const;
    const late: Event = { seq: 98, atMs: 10_500, kind: 'step-ended', of: 0, outcome };
    expect(oracle.check([...whole(RIGHT), late])).toMatchObject({ kind: 'unknown' });
  });
  it('does not know about a fault that was never played', () => {
    expect(conditionsFlip([FAULT, faultNamed('brick-killed')]).check(whole(RIGHT))).toMatchObject({
      kind: 'unknown',
    });
  });
});

it('tables: a row for each fault, and what was noticed of it', () => {
  const table = matrixTable(flipsOf(played(RIGHT)));
  expect(table).toContain('| favorite-child | **refused** | · | waived | as expected |');
  expect(detectionTable(detectionOf(played(RIGHT)))).toContain(
    '| favorite-child pve3 | **Odd** |  | 2.5 | 3.0 |',
  );
});

it('one proof that failed is not made up for by another', () => {
  const failed: Event = {
    seq: 99,
    atMs: 99_000,
    kind: 'no-receipt',
    of: 3,
    expected: 'the brick is gone',
    because: 'it still answers',
  };
  expect(flipsOf([...played(RIGHT), failed])[0]?.receipt).toBe(false);
});

it('a row without a receipt says so, whatever the gate answered', () => {
  const unseen = played(RIGHT).filter(({ kind }) => kind !== 'receipt');
  expect(matrixTable(flipsOf(unseen))).toContain('nobody saw that it took effect');
});

it('an alert because routers are stopped for the last look is no false alarm', () => {
  const late: Event = {
    seq: 99,
    atMs: 12_000,
    kind: 'alert',
    name: 'CustomerPageDown',
    state: 'firing',
    receiver: 'pager',
    activeAtMs: 11_500,
    labels: {},
  };
  expect(detectionOf([...played(RIGHT), late]).falseAlarms).toEqual([]);
});
