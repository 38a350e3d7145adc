import { expect, test } from 'vitest';
import { historyOf } from '../testing/drafts.ts';
import { healthyNight } from '../testing/night.ts';
import { healConverges } from './heal-converges.ts';

const HISTORY = historyOf(healthyNight());

test('a heal that takes longer than its budget is broken, with both ends as evidence', () => {
  const verdict = healConverges({ budgetSeconds: 0.9 }).check(HISTORY);
  expect(verdict).toMatchObject({
    kind: 'broken',
    because: expect.stringMatching(/0\.1 s more than the budget/),
  });
  const seqs = verdict.kind === 'broken' ? verdict.findings[0].evidence : [];
  expect(seqs.map((seq) => HISTORY[seq]?.kind)).toEqual(['phase', 'settled']);
});

test('and one that just makes it holds', () => {
  expect(healConverges({ budgetSeconds: 1 }).check(HISTORY)).toMatchObject({ kind: 'holds' });
});

test('heal info that lists files at the end is a doubt, though no brick accuses another', () => {
  const listed = HISTORY.map((event) =>
    event.kind === 'observed' && event.snapshot.cli.seen
      ? {
          ...event,
          snapshot: {
            ...event.snapshot,
            cli: {
              ...event.snapshot.cli,
              healInfo: event.snapshot.cli.healInfo.map((one) =>
                one.entries.seen ? { ...one, entries: { ...one.entries, count: 8 } } : one,
              ),
            },
          },
        }
      : event,
  );
  expect(healConverges().check(listed)).toMatchObject({
    kind: 'unknown',
    because: expect.stringContaining('heal info still lists 8 files'),
  });
});
