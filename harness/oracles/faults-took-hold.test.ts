import { expect, test } from 'vitest';
import { historyOf } from '../testing/drafts.ts';
import { healthyNight } from '../testing/night.ts';
import { node } from '../model/names.ts';
import { eachGoesDown, faultsTookHold } from './faults-took-hold.ts';

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

test('a procedure that stopped after its second node has not taken every node in turn', () => {
  const nodes = [node('pve1'), node('pve2'), node('pve3')];
  expect(faultsTookHold(eachGoesDown(nodes)).check(HISTORY)).toMatchObject({ kind: 'holds' });
  const stopped = HISTORY.map((event) =>
    event.kind === 'node' && event.node === 'pve3' ? { ...event, state: 'up' as const } : event,
  );
  expect(faultsTookHold(eachGoesDown(nodes)).check(stopped)).toMatchObject({
    kind: 'unknown',
    because: expect.stringContaining('expected during the play: pve3 goes down (0 of 1)'),
  });
});
