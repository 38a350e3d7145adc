import { describe, expect, it } from 'vitest';
import { until } from './until.ts';

/** Each question takes `asksMs`; nothing is pending from the fourth on. Answers the pauses in between. */
async function pausesBetween(asksMs: number, pressing = false): Promise<readonly number[]> {
  let now = 0;
  let asked = 0;
  const pauses: number[] = [];
  const clock = {
    epochMs: () => now,
    pause: (ms: number) => {
      pauses.push(ms);
      now += ms;
      return Promise.resolve();
    },
  };
  const pending = () => {
    now += asksMs;
    asked += 1;
    return asked < 4 ? 'more' : undefined;
  };
  const { signal } = new AbortController();
  await until(clock, pending, { withinMs: 60_000, everyMs: 1000, signal, pressing: () => pressing });
  return pauses;
}

describe('the pace of waiting', () => {
  it('is counted from question to question', async () => {
    expect(await pausesBetween(400)).toEqual([600, 600, 600]);
  });

  it('leaves the machine alone for half the time that an answer took', async () => {
    expect(await pausesBetween(1500)).toEqual([750, 750, 750]);
  });

  it('takes no rest where nothing on the machine is waited for', async () => {
    expect(await pausesBetween(1500, true)).toEqual([0, 0, 0]);
  });
});
