import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { progressTeller } from './progress.ts';
import type { RunResult } from './run-result.ts';
import { tableText } from './terminal.ts';
import { incidentNight } from './testing/nights.ts';

const incident: RunResult = {
  id: 'run-1',
  scenario: 'night-1-fixed-delay-replica-2',
  procedure: 'fixed-delay',
  volume: 'replica 2, defaults',
  expected: 'broken',
  verdict: 'broken',
  because:
    'no-lost-write: router-a lost 2,310 acknowledged records when its disk was restored from a backup (also broken: no-split-brain)',
  oracles: [],
  outageSeconds: 29.5,
  siteOutageSeconds: 42_329.5,
  splitBrainFiles: 9,
  lostWrites: 4584,
  firstAlertSeconds: 5.9,
  detection: null,
  noReturn: null,
  durationSeconds: 114.9,
  bundle: '/tmp/run-1',
  asExpected: true,
  notes: [],
};
const wrong: RunResult = {
  ...incident,
  scenario: 'night-3-heal-gated-replica-2',
  expected: 'holds',
  verdict: 'unknown',
  because: 'faults-took-hold: nobody saw pve2 go down',
  asExpected: false,
  outageSeconds: null,
  siteOutageSeconds: null,
  splitBrainFiles: null,
  lostWrites: null,
  firstAlertSeconds: null,
  detection: null,
  noReturn: null,
  notes: ['expected the verdict holds, got unknown'],
};

test.each([80, 140])('at %d columns no line is too long and every number is there', (columns) => {
  const text = tableText([incident, wrong], { columns, colour: false });
  expect(text.split('\n').filter((line) => line.length > columns)).toEqual([]);
  for (const part of [
    '29.5',
    '4,584',
    '5.9',
    'BROKEN',
    'UNKNOWN',
    'replica 2, defaults',
    '11 h 45 m',
    'NO',
  ]) {
    expect(text).toContain(part);
  }
  expect(text).toContain('! expected the verdict holds, got unknown');
});

test('colour changes nothing but colour', () => {
  const plain = tableText([incident, wrong], { columns: 80, colour: false });
  const painted = tableText([incident, wrong], { columns: 80, colour: true });
  expect(painted).not.toBe(plain);
  expect(stripVTControlCharacters(painted)).toBe(plain);
});

test('progress tells the story of a night and leaves out the chatter', () => {
  const tell = progressTeller();
  const lines = incidentNight().flatMap((event) => tell(event) ?? []);
  expect(lines.length).toBeLessThan(120);
  const text = lines.join('\n');
  for (const part of [
    'step reboot pve1',
    'CUT OFF',
    "the customer can't reach",
    'alert GatewayUnreachable firing',
  ]) {
    expect(text).toContain(part);
  }
});
