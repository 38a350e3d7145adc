/**
 * What we say about states of a real GlusterFS against what it really did: every folder of harness/afr/golden/<version>/ holds one
 * state as collected from its bricks, and happened.json with the reads, the winner of the heal and heal info at that time.
 * Captures are rewritten only by lab/gluster-captures/capture.ts.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FileState, Inspection, Judged, ReadResult } from '../../harness/index.ts';
import { inspectCollected, type Given } from './inspect.ts';

const GOLDEN = join(import.meta.dirname, '../../harness/afr/golden');

interface Read {
  readonly result: string;
  readonly sha256?: string;
}
/** Numbers of blocks of the image that an fsync had acknowledged. */
interface Acknowledged {
  readonly blocks: number;
  readonly lost: readonly number[];
  readonly unreadable: readonly number[];
}
interface Happened {
  readonly state: string;
  readonly away: readonly string[];
  readonly reads: Readonly<Record<string, Read>>;
  readonly acknowledged?: Acknowledged;
  readonly healInfo: { readonly info: string; readonly splitBrain: string };
  readonly afterHeal: {
    readonly reads: Readonly<Record<string, Read>>;
    readonly winners: Readonly<Record<string, string>>;
    readonly acknowledged?: Acknowledged;
  };
}

const happenedIn = (folder: string): Happened =>
  JSON.parse(readFileSync(join(folder, 'happened.json'), 'utf8')) as Happened;

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
};

const given = (folder: string): Given[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .sort()
        .map((name) => ({ name, where: join(folder, name) }))
    : [];

interface Inspected extends Inspection {
  readonly files: readonly Judged[];
}
function inspect(folder: string, twice: boolean): Inspected {
  const files: Judged[] = [];
  const later = given(join(folder, 'later'));
  const inspection = inspectCollected(
    {
      bricks: given(join(folder, 'bricks')),
      volumeInfo: join(folder, 'volume-info.txt'),
      ...(twice && later.length > 0 ? { later } : {}),
    },
    (judged) => files.push(judged),
  );
  return { ...inspection, files };
}

/** What the verdict says about reading one file as an application does: of an image, the whole of it. */
function readsOf(inspected: Inspected, path: string): ReadResult | 'no verdict' {
  const image = inspected.images.find((i) => i.path === path);
  return (
    image?.reads.result ??
    inspected.files.find((f) => f.verdict.path === path)?.verdict.reads.result ??
    'no verdict'
  );
}

const SUCCEEDS: readonly string[] = ['newest', 'may-be-old', 'old'];

describe.each(readdirSync(GOLDEN))('GlusterFS %s', (version) => {
  const states = readdirSync(join(GOLDEN, version)).sort();

  test('at least fifteen states were captured, and each is judged here', () => {
    expect(states.length).toBeGreaterThanOrEqual(15);
    expect(states.filter((s) => EXPECTED[s] === undefined)).toEqual([]);
  });

  describe.each(states)('%s', (state) => {
    const folder = join(GOLDEN, version, state);
    const happened = happenedIn(folder);
    const expected = EXPECTED[state];
    const inspected = inspect(folder, true);

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
      expect(inspect(folder, false).worst).toBe(expected?.once ?? expected?.worst);
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

  const ledgers = states.filter(
    (state) => happenedIn(join(GOLDEN, version, state)).acknowledged !== undefined,
  );

  test('what became of acknowledged writes was kept of the states that are made by writes to an image', () => {
    expect(ledgers).toEqual(['favorite-child-mtime', 'heal-pending', 'two-stale-one-good']);
  });

  test.each(ledgers)(
    '%s: acknowledged writes were lost where the verdict said so, and nowhere else',
    (state) => {
      const folder = join(GOLDEN, version, state);
      const { acknowledged, afterHeal } = happenedIn(folder);
      const { files, images } = inspect(folder, true);
      const won = files.flatMap(({ verdict }) => {
        const winner = afterHeal.winners[verdict.path]?.split(' ')[0];
        return winner === undefined ? [] : (verdict.ifSource[winner] ?? []);
      });
      const foretold = won.some(({ loses }) => loses === 'writes');
      expect({ lost: (afterHeal.acknowledged?.lost.length ?? 0) > 0 }).toEqual({ lost: foretold });
      // Before the heal what is read is the newest, unless the verdict says otherwise.
      const newest = images.every((image) => image.reads.result === 'newest');
      expect((acknowledged?.lost.length ?? 0) > 0 && newest).toBe(false);
    },
  );
});
