import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FAILED, OK, watch } from './outages.ts';
import { Samples } from './samples.ts';

const WINDOW = { fromMs: 0, toMs: 20_000 };
const LIMITS = { limitMs: 5000, sightMs: 2000 };

/** A probe every 200 ms. */
const probing = (ok: (atMs: number) => boolean, looks: (atMs: number) => boolean = () => true): Samples => {
  const samples = new Samples();
  for (let at = 0; at <= WINDOW.toMs; at += 200) if (looks(at)) samples.push(at, ok(at) ? OK : FAILED, at);
  return samples;
};

describe('an outage', () => {
  test('is proven from its first failed probe to the last, and was over when probes were answered again', () => {
    const { outages, unwatched } = watch(
      probing((at) => at < 3000 || at >= 9000),
      WINDOW,
      LIMITS,
    );
    expect(unwatched).toEqual([]);
    expect(outages).toEqual([
      { fromMs: 3000, toMs: 8800, overMs: 9000, atLeastMs: 5800, atMostMs: 6200, seqs: [3000, 8800, 9000] },
    ]);
  });

  test('is not ended by one lucky probe', () => {
    const { outages } = watch(
      probing((at) => at < 3000 || at === 5000 || at >= 9000),
      WINDOW,
      LIMITS,
    );
    expect(outages).toHaveLength(1);
    expect(outages[0]).toMatchObject({ fromMs: 3000, overMs: 9000 });
  });

  test('is not proven through a time when nobody looked', () => {
    const blind = watch(
      probing(
        (at) => at < 3000 || at >= 15_000,
        (at) => at < 3400 || at > 14_000,
      ),
      WINDOW,
      LIMITS,
    );
    expect(blind.outages).toEqual([expect.objectContaining({ atLeastMs: 600, atMostMs: 12_200 })]);
    expect(blind.unwatched).toEqual([{ fromMs: 3200, toMs: 14_200 }]);
  });

  test('that lasts to the end is not over', () => {
    const { outages } = watch(
      probing((at) => at < 12_000),
      WINDOW,
      LIMITS,
    );
    expect(outages).toEqual([
      expect.objectContaining({ fromMs: 12_000, overMs: undefined, atLeastMs: 8000, atMostMs: Infinity }),
    ]);
  });

  test('that has just begun may last for ever; what fails in the very last second may be the end of the traffic', () => {
    const begun = (fromMs: number) =>
      watch(
        probing((at) => at < fromMs),
        WINDOW,
        LIMITS,
      ).outages;
    expect(begun(18_000)).toEqual([expect.objectContaining({ atLeastMs: 2000, atMostMs: Infinity })]);
    expect(begun(19_200)).toEqual([expect.objectContaining({ atLeastMs: 800, atMostMs: 1000 })]);
  });
});

test('nobody looking at all is one long doubt', () => {
  expect(watch(new Samples(), WINDOW, LIMITS)).toEqual({ outages: [], unwatched: [WINDOW], looked: 0 });
});

test('property: what is proven never exceeds what is possible, and outages do not overlap', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 20_000 }), fc.boolean()), { maxLength: 80 }),
      (all) => {
        const samples = new Samples();
        all.forEach(([atMs, ok], seq) => samples.push(atMs, ok ? OK : FAILED, seq));
        let before = 0;
        for (const { fromMs, toMs, atLeastMs, atMostMs } of watch(samples, WINDOW, LIMITS).outages) {
          expect(fromMs).toBeGreaterThanOrEqual(before);
          expect(atLeastMs).toBeLessThanOrEqual(toMs - fromMs);
          expect(atMostMs).toBeGreaterThanOrEqual(toMs - fromMs);
          before = toMs;
        }
      },
    ),
  );
});
