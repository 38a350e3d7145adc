import { expect, test } from 'vitest';
import { at } from '../alerting/site-time.ts';
import { NIGHT_BEGINS } from '../alerting/site-clock.ts';
import type { EventBody } from '../model/event.ts';
import { adding, changing, healthyNight, historyOf } from '../testing/index.ts';
import { personAcknowledged } from './person-acknowledged.ts';

const { check } = personAcknowledged({ withinMinutes: 15, outageSeconds: 8 });

const outage = (seconds: number) =>
  changing(healthyNight(), 'probe', (body, { atMs }) =>
    body.by === 'customer' && atMs >= 20_000 && atMs <= 20_000 + seconds * 1000
      ? { ...body, ok: false }
      : undefined,
  );
const acknowledges = (clock: number): EventBody => ({
  kind: 'person',
  who: 'second',
  does: 'acknowledges',
  siteSeconds: clock - NIGHT_BEGINS - 28,
  clock,
  doing: { what: 'acknowledged' },
});

test('holds when somebody acknowledges within the minutes, and not a minute later', () => {
  const read = (clock: number) => check(historyOf(adding(outage(18), [[30_000, acknowledges(clock)]])));
  expect(read(at(0, 5, 1))).toMatchObject({ kind: 'holds' });
  expect(read(at(0, 6, 1))).toMatchObject({ kind: 'broken' });
});

test('an outage that is over within the minutes needs nobody', () => {
  expect(check(historyOf(outage(18)))).toMatchObject({
    kind: 'holds',
    because: '1 outage ended before anybody had to act',
  });
});

test('a failover calls nobody', () => {
  expect(check(historyOf(outage(3)))).toMatchObject({
    kind: 'holds',
    because: 'no outage called for a person',
  });
});

test('a fault of the story calls for a person, too, and nothing else that goes wrong does', () => {
  const { check: strict } = personAcknowledged({
    withinMinutes: 15,
    outageSeconds: 8,
    faults: ['brick-killed'],
  });
  const night = (fault: string, clock: number) =>
    historyOf(
      adding(healthyNight(), [
        [21_000, { kind: 'fault-began', fault, target: 'pve2' }],
        [30_000, acknowledges(clock)],
      ]),
    );
  expect(strict(night('brick-killed', at(0, 5, 1)))).toMatchObject({ kind: 'holds' });
  expect(strict(night('brick-killed', at(0, 6, 1)))).toMatchObject({
    kind: 'broken',
    because: expect.stringContaining('brick-killed on pve2 began at 23:50; second acknowledged') as string,
  });
  expect(strict(night('storage-cut', at(0, 6, 1)))).toMatchObject({
    kind: 'holds',
    because: 'no outage called for a person',
  });
});
