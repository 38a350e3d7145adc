import { expect, test } from 'vitest';
import { historyOf } from '../testing/drafts.ts';
import { healthyNight } from '../testing/night.ts';
import { frameOf } from './frame.ts';

const HISTORY = historyOf(healthyNight());

/** The host's clock is set back in the middle of the night: what is stamped after that is earlier than it was. */
const setBack = (byMs: number) => {
  const middle = HISTORY.length / 2;
  return HISTORY.map((event) => (event.seq < middle ? event : { ...event, atMs: event.atMs - byMs }));
};

test('a clock that was set back leaves no duration to be trusted', () => {
  expect(frameOf(HISTORY).incomplete).toBeUndefined();
  expect(frameOf(setBack(5000)).incomplete).toMatch(/^the clock was set back by [45]\.\d s before event \d+/);
});
