/**
 * What we say about states of a real GlusterFS against what it really did: every folder of harness/afr/golden/<version>/ holds one
 * state as collected from its bricks, and happened.json with the reads, the winner of the heal and heal info at that time.
 * Captures are rewritten only by lab/gluster-captures/capture.ts.
 */
import { describe, expect, test } from 'vitest';
import type { FileState } from '../../harness/index.ts';
import {
  captured,
  happenedIn,
  inspectCaptured as inspect,
  readsOf,
  SUCCEEDS,
  versions,
} from './golden.fixture.ts';

/** What each state is, for the volume and for the files that matter; `shards` stands for at least one shard of the image. */
const EXPECTED: Readonly<
  Record<
    string,
    {
      readonly worst: FileState;
      readonly once?: FileState;
      readonly files?: Readonly<Record<string, FileState>>;
    }
  >
> = {
  'healthy-idle': { worst: 'clean' },
  'healthy-live-writes': { worst: 'clean', once: 'undecidable' },
  'one-brick-down': { worst: 'healing', once: 'undecidable' },
  'heal-pending': { worst: 'healing', files: { '/img': 'healing' } },
  'two-stale-one-good': { worst: 'sole-good-copy', files: { '/img': 'sole-good-copy' } },
  'sole-good-copy-down': { worst: 'undecidable', files: { '/img': 'undecidable' } },
  'data-split-brain': { worst: 'split-brain', files: { '/img': 'split-brain' } },
  'metadata-split-brain': { worst: 'split-brain', files: { '/img': 'split-brain' } },
  'gfid-split-brain': { worst: 'split-brain', files: { '/same': 'split-brain', '/img': 'clean' } },
  'directory-gfid-split-brain': { worst: 'split-brain', files: { '/same': 'split-brain' } },
  'type-split-brain': { worst: 'split-brain', files: { '/same': 'split-brain' } },
  'entry-split-brain': { worst: 'split-brain', files: { '/d': 'split-brain', '/d/keep': 'clean' } },
  'arbiter-stale-data-brick': { worst: 'sole-good-copy', files: { '/img': 'sole-good-copy' } },
  'cyclic-blame': { worst: 'cyclic-blame', files: { '/img': 'cyclic-blame' } },
  'silent-byte-flip': { worst: 'silent-divergence', files: { '/img': 'clean' } },
  'persistent-dirty': { worst: 'persistent-dirty', once: 'undecidable' },
  'brick-and-client-killed': { worst: 'persistent-dirty', once: 'undecidable' },
  'stale-index-entry': { worst: 'healing', files: { '/plain': 'clean', '/other': 'healing' } },
  'favorite-child-mtime': { worst: 'split-brain' },
  'name-missing-silently': { worst: 'silent-divergence', files: { '/plain': 'silent-divergence' } },
  'renamed-while-away': { worst: 'sole-good-copy', files: { '/new': 'sole-good-copy' } },
  '2x2-one-set-stale': { worst: 'sole-good-copy' },
  '2x3-each-set-its-own': { worst: 'sole-good-copy', files: { '/img': 'clean', '/moved-4': 'clean' } },
};

describe.each(versions())('GlusterFS %s', (version) => {
  const states = captured(version);

  test('at least fifteen states were captured, and each is judged here', () => {
    expect(states.length).toBeGreaterThanOrEqual(15);
    expect(states.filter((s) => EXPECTED[s] === undefined)).toEqual([]);
  });

  describe.each(states)('%s', (state) => {
    const happened = happenedIn(version, state);
    const expected = EXPECTED[state];
    const inspected = inspect(version, state);

    test('the state', () => {
      const files = Object.fromEntries(
        Object.keys(expected?.files ?? {}).map((p) => [
          p,
          inspected.files.find((f) => f.verdict.path === p)?.verdict.state,
        ]),
      );
      expect({ worst: inspected.worst, files }).toEqual({
        worst: expected?.worst,
        files: expected?.files ?? {},
      });
      expect(inspect(version, state, 'once').worst).toBe(expected?.once ?? expected?.worst);
    });

    test('reads end as they did on the mount', () => {
      for (const [file, read] of Object.entries(happened.reads)) {
        const said = readsOf(inspected, `/${file}`);
        const meant = SUCCEEDS.includes(said) ? 'ok' : said === 'absent' ? 'ENOENT' : said;
        expect(`${file}: ${meant}`).toBe(`${file}: ${read.result}`);
      }
    });

    test('the heal was won by a brick that the verdict called a source', () => {
      for (const { verdict } of inspected.files) {
        const won =
          happened.afterHeal.winners[`.${verdict.path}`] ?? happened.afterHeal.winners[verdict.path];
        if (won === undefined || verdict.type === 'directory' || verdict.sources.length === 0) continue;
        // Sums were taken by name: after a rename the winner's bytes stood under another one before.
        if (verdict.notes.some((n) => n.includes('the same file is found as'))) continue;
        const winners = won.split(' ');
        expect(
          `${verdict.path}: ${winners.some((w) => verdict.sources.includes(w)) ? 'a source' : won}`,
        ).toBe(`${verdict.path}: a source`);
      }
    });
  });
});
