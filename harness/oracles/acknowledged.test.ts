import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Range } from '../model/facts.ts';
import { Ledger, missingEverywhere, RING } from './acknowledged.ts';

/** Records `from` to `to`, one every 50 ms; the guest's clock runs with the run's. */
function writes(ledger: Ledger, from: number, to: number, startMs = from * 50): void {
  for (let record = from; record <= to; record += 1) {
    const atMs = startMs + (record - from) * 50;
    expect(ledger.acknowledge(record, atMs, atMs, record)).toBeUndefined();
  }
}

const short = (stretches: readonly { first: number; last: number; count: number }[]) =>
  stretches.map(({ first, last, count }) => [first, last, count]);

describe('what was acknowledged', () => {
  test('is missed on a copy that does not have it, with the time that it took to write', () => {
    const ledger = new Ledger();
    writes(ledger, 18_300, 19_000);
    const [stretch, ...more] = ledger.missing(
      [
        [1, 18_401],
        [18_486, 19_000],
      ],
      ledger.length,
    );
    expect(more).toEqual([]);
    expect(stretch).toMatchObject({ first: 18_402, last: 18_485, count: 84, seqs: [18_402, 18_485] });
    expect((stretch?.toMs ?? 0) - (stretch?.fromMs ?? 0)).toBe(83 * 50);
  });

  test('is not missed where the ring has come round, one write in flight included', () => {
    const ledger = new Ledger();
    writes(ledger, 1, RING + 100);
    expect(ledger.missing([[102, RING + 100]], ledger.length)).toEqual([]);
    expect(short(ledger.missing([[103, RING + 100]], ledger.length))).toEqual([[102, 102, 1]]);
  });

  test('is only asked for up to a moment', () => {
    const ledger = new Ledger();
    writes(ledger, 1, 100);
    expect(ledger.missing([[1, 50]], ledger.until(50 * 50))).toEqual([]);
    expect(short(ledger.missing([[1, 50]], ledger.until(51 * 50)))).toEqual([[51, 51, 1]]);
  });
});

describe('a router that counts on from an older disk', () => {
  test('has lost what it had acknowledged beyond it', () => {
    const ledger = new Ledger();
    writes(ledger, 1, 100);
    expect(ledger.acknowledge(41, 9000, 9000, 777)).toMatchObject({ first: 41, last: 100, count: 60 });
    expect(ledger.top).toBe(41);
    expect(ledger.missing([[1, 41]], ledger.length)).toEqual([]);
  });

  test('is told by what it finds when it comes up, before it writes anything', () => {
    const ledger = new Ledger();
    writes(ledger, 1, 90);
    expect(ledger.cameUp(23)).toMatchObject({ first: 24, last: 90, count: 67 });
    writes(ledger, 24, 30, 9000);
  });

  test('is not what a retry, a line that came twice or a line that came late is', () => {
    const ledger = new Ledger();
    writes(ledger, 1, 50);
    expect(ledger.acknowledge(50, 9999, 9999, 1000)).toBeUndefined();
    expect(ledger.acknowledge(20, 20 * 50, 9999, 1001)).toBeUndefined();
    ledger.acknowledge(53, 53 * 50, 53 * 50, 1002);
    expect(ledger.acknowledge(52, 52 * 50, 54 * 50, 1003)).toBeUndefined();
    expect(ledger.length).toBe(52);
    expect(short(ledger.missing([[1, 50]], ledger.length))).toEqual([[52, 53, 2]]);
  });

  test('is seen even when its clock is behind, if it has booted in between', () => {
    const ledger = new Ledger();
    writes(ledger, 1, 50);
    expect(ledger.cameUp(undefined)).toBeUndefined();
    expect(ledger.acknowledge(30, 100, 9000, 1000)).toMatchObject({ first: 30, last: 50 });
  });
});

const ranges = (have: ReadonlySet<number>, top: number): readonly Range[] => {
  const found: [number, number][] = [];
  for (let record = 1; record <= top; record += 1) {
    const last = found.at(-1);
    if (!have.has(record)) continue;
    if (last?.[1] === record - 1) last[1] = record;
    else found.push([record, record]);
  }
  return found;
};

test('property: exactly what was acknowledged and is not on a copy is missing', () => {
  const records = fc.uniqueArray(fc.integer({ min: 1, max: 300 }));
  fc.assert(
    fc.property(records, records, (acknowledged, onDisk) => {
      const ledger = new Ledger();
      for (const record of acknowledged.toSorted((a, b) => a - b))
        ledger.acknowledge(record, record, record, record);
      const have = new Set(onDisk);
      const missing = ledger.missing(ranges(have, 300), ledger.length);
      const lost = acknowledged.filter((record) => !have.has(record));
      expect(missing.reduce((sum, { count }) => sum + count, 0)).toBe(lost.length);
      const said = lost.every((record) =>
        missing.some(({ first, last }) => first <= record && record <= last),
      );
      expect(said).toBe(true);
    }),
  );
});

test('property: records that come late and crossed are put in order', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 200 }), (delays) => {
      const ledger = new Ledger();
      const arrivals = delays.map((delay, i) => ({ record: i + 1, arrivedMs: i * 10 + delay * 10 }));
      arrivals.sort((a, b) => a.arrivedMs - b.arrivedMs);
      arrivals.forEach(({ record, arrivedMs }, seq) => {
        expect(ledger.acknowledge(record, record * 10, arrivedMs, seq)).toBeUndefined();
      });
      expect(ledger.length).toBe(delays.length);
      expect(ledger.missing([[1, delays.length]], ledger.length)).toEqual([]);
    }),
  );
});

test('property: missing everywhere is what is missing on each', () => {
  const records = fc.uniqueArray(fc.integer({ min: 1, max: 60 }));
  fc.assert(
    fc.property(fc.array(records, { minLength: 1, maxLength: 3 }), (disks) => {
      const ledger = new Ledger();
      for (let record = 1; record <= 60; record += 1) ledger.acknowledge(record, record, record, record);
      const missing = disks.map((disk) => ledger.missing(ranges(new Set(disk), 60), ledger.length));
      const nowhere = Array.from({ length: 60 }, (_, i) => i + 1).filter(
        (record) => !disks.some((disk) => disk.includes(record)),
      );
      const said = missingEverywhere(missing).flatMap(([from, to]) =>
        Array.from({ length: to - from + 1 }, (_, i) => from + i),
      );
      expect(said).toEqual(nowhere);
    }),
  );
});
