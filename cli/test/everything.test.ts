import { expect, test } from 'vitest';
import type { Known } from '../../scenarios/index.ts';
import type { Sight } from '../track-record/index.ts';
import { knownCounts } from './everything.ts';

const story = (played: 'every time' | 'nightly'): Known => ({
  id: played,
  what: 'an outage',
  from: 'the incident',
  by: 'story',
  story: 'a-night',
  breaks: ['no-split-brain'],
  played,
});
const seen = { commit: 'abc', date: '2026-11-25', glusterfs: '10.3' };
const [night, nightly] = [story('every time'), story('nightly')];

test('a known outage that no longer shows fails every run', () => {
  const sights: Sight[] = [
    { known: night, kind: 'reproduced', seen },
    { known: nightly, kind: 'gone', because: 'no-split-brain is holds' },
  ];
  expect(knownCounts(sights, false)).toEqual({
    passed: 1,
    failed: 1,
    failures: ['nightly: no longer shows'],
  });
});

test('one that was not played fails the run that should have played it', () => {
  const nightlyLeftOut: Sight[] = [
    { known: night, kind: 'reproduced', seen },
    { known: nightly, kind: 'not-played' },
  ];
  expect(knownCounts(nightlyLeftOut, false)).toEqual({ passed: 1, failed: 0, failures: [] });
  expect(knownCounts(nightlyLeftOut, true)).toEqual({
    passed: 1,
    failed: 1,
    failures: ['nightly: was not played'],
  });
  expect(knownCounts([{ known: night, kind: 'not-played' }], false)).toEqual({
    passed: 0,
    failed: 1,
    failures: ['every time: was not played'],
  });
});
