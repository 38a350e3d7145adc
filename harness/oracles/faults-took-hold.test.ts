import { expect, test } from 'vitest';
import { historyOf } from '../testing/drafts.ts';
import { healthyNight } from '../testing/night.ts';
import { faultsTookHold } from './faults-took-hold.ts';

const HISTORY = historyOf(healthyNight());

test('what the story is about must have happened during the play, often enough', () => {
  const rebooted = {
    what: 'three nodes go down',
    is: (event: (typeof HISTORY)[number]) => event.kind === 'node' && event.state === 'down',
  };
  expect(faultsTookHold({ expects: [{ ...rebooted, atLeast: 3 }] }).check(HISTORY)).toMatchObject({
    kind: 'holds',
  });
  expect(faultsTookHold({ expects: [{ ...rebooted, atLeast: 4 }] }).check(HISTORY)).toEqual({
    kind: 'unknown',
    because: 'expected during the play: three nodes go down (3 of 4)',
  });
});

test('what happened before the play does not count', () => {
  const backup = {
    what: 'a backup is made',
    is: (event: (typeof HISTORY)[number]) => event.kind === 'backup',
  };
  expect(faultsTookHold({ expects: [backup] }).check(HISTORY)).toMatchObject({ kind: 'unknown' });
});
