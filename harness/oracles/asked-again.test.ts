import { expect, test } from 'vitest';
import { faultNamed } from '../faults/catalogue.ts';
import type { History } from '../model/event.ts';
import { historyOf } from '../testing/drafts.ts';
import { healthyNight } from '../testing/night.ts';
import { askedAgain } from './asked-again.ts';
import { conditionsFlip } from './conditions-flip.ts';
import { everyOracle, USUAL_LIMITS } from './index.ts';
import { personAcknowledged } from './person-acknowledged.ts';

const HISTORY = historyOf(healthyNight());
const FAULT = faultNamed('brick-killed');
const PLAYED: History = [{ seq: 0, atMs: 0, kind: 'fault-began', fault: FAULT.name, target: 'pve3' }];

test('a run that was never judged is asked everything', () => {
  expect(askedAgain(HISTORY, undefined).map(({ name }) => name)).toEqual(
    everyOracle().map(({ name }) => name),
  );
});

test('what was asked about the faults of a story is asked about them again', () => {
  const asked = [
    conditionsFlip([FAULT]),
    personAcknowledged({ ...USUAL_LIMITS.acknowledge, faults: [FAULT.name] }),
    personAcknowledged(USUAL_LIMITS.acknowledge),
  ].map(({ name, means }) => ({ name, means }));
  expect(askedAgain(PLAYED, asked).map(({ name, means }) => ({ name, means }))).toEqual(asked);
});

test('a fault that had to be played and never was is missed again', () => {
  const [again] = askedAgain(HISTORY, [conditionsFlip([FAULT])]);
  expect(again?.check(HISTORY)).toMatchObject({
    kind: 'unknown',
    because: expect.stringContaining('brick-killed was never brought about'),
  });
});

test('limits that nobody knows any more are no other limits: that is not known', () => {
  const [oracle] = askedAgain(PLAYED, [{ name: 'person-acknowledged', means: 'within 3 minutes' }]);
  expect(oracle?.check(PLAYED)).toMatchObject({ kind: 'unknown' });
  const gateway = everyOracle().find(({ name }) => name === 'gateway-available');
  const means = gateway?.means ?? '';
  const ask = (text: string) => askedAgain(PLAYED, [{ name: 'gateway-available', means: text }])[0]?.means;
  expect(ask(`In other words: ${means}`)).toBe(means);
  expect(ask(means.replace(/\d+/, '99'))).not.toBe(means);
  const [gone] = askedAgain(PLAYED, [{ name: 'of another day' }]);
  expect(gone?.check(PLAYED)).toMatchObject({ kind: 'unknown' });
});
