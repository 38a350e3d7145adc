/**
 * What GlusterFS's own regression tests expect (tests/bugs/replicate of v11.1, named per case), as fixtures in our words: the state of the
 * bricks that each test sets up, and what it says GlusterFS must or must not do.
 */
import { describe, expect, test } from 'vitest';
import { choicesFor } from './advice.ts';
import type { FileInput } from './aspect.ts';
import { judgeFile } from './judge.ts';
import { effectiveQuorum } from './replica-set.ts';
import { absent, file, log, replicas, unseen } from './testing.fixture.ts';
import { DIR, three, two, all, gfid, under, commands, directory, ENTRY, FULL } from './upstream.fixture.ts';

describe('bugs/replicate/bug-1417522-block-split-brain-resolution.t', () => {
  const rolled = [{ accuses: all(1, 2) }, { accuses: all(2) }, { accuses: all(1) }] as const;
  test('b1, then b2 miss writes: b0 has the only good copy, and everything heals from it once all are up', () => {
    const verdict = judgeFile(three, file(...rolled));
    expect(verdict).toMatchObject({ state: 'sole-good-copy', sources: ['b0'], sinks: ['b1', 'b2'] });
    expect(verdict.heals).toContain('b0 overwrites b1, b2');
  });
  test('with b0 down reads fail, and no favorite-child policy nor command changes that', () => {
    for (const favoriteChild of ['size', 'ctime', 'mtime', 'majority'] as const) {
      const set = replicas(3, { favoriteChild });
      const verdict = judgeFile(set, file(unseen, rolled[1], rolled[2]));
      expect(verdict).toMatchObject({ state: 'undecidable', reads: { result: 'ENOTCONN' } });
      expect(choicesFor(set, verdict)).toEqual([]);
    }
  });
});

describe('bugs/replicate/bug-1363721.t', () => {
  const state = [
    { accuses: all(1), dirty: log(1) },
    { accuses: all(0), dirty: log(1) },
    { accuses: all(0, 1) },
  ] as const;
  test('the writer must fail when the last good brick goes; the sinks stay dirty, b2 is never accused', () => {
    const verdict = judgeFile(three, file(...state));
    expect(verdict).toMatchObject({ state: 'sole-good-copy', sources: ['b2'], dirty: ['b0', 'b1'] });
    expect(verdict.blame.some((b) => b.on === 'b2')).toBe(false);
    expect(verdict.ifDown['b2']).toMatchObject({
      writes: { result: 'ENOTCONN' },
      reads: { result: 'ENOTCONN' },
    });
    expect(verdict.heals).toContain('b2 overwrites b0, b1');
  });
});

describe('bugs/replicate/bug-1539358-split-brain-detection.t', () => {
  test('two accuse the third and the third accuses both: healed from the two', () => {
    const verdict = judgeFile(
      three,
      file({ accuses: all(1), size: 13 }, { accuses: all(0, 2), size: 6 }, { accuses: all(1), size: 13 }),
    );
    expect(verdict).toMatchObject({ state: 'healing', sources: ['b0', 'b2'], sinks: ['b1'] });
  });
  test('a circle with dirty marks and different sizes: healed, from the largest', () => {
    const dirty = log(1);
    const verdict = judgeFile(
      three,
      file(
        { accuses: all(1), dirty, size: 9 },
        { accuses: all(2), dirty, size: 11 },
        { accuses: all(0), dirty, size: 10 },
      ),
    );
    expect(verdict.state).toBe('cyclic-blame');
    expect(verdict.heals).toContain('b1 overwrites b0, b2');
  });
});

describe('bugs/replicate/bug-1717819-metadata-split-brain-detection.t', () => {
  const meta = (...on: number[]): Record<number, ReturnType<typeof log>> =>
    Object.fromEntries(on.map((i) => [i, log(0, 1)]));
  const user = (value: string): { xattrs: Record<string, string> } => ({
    xattrs: { 'user.metadata': value },
  });
  test('a directory: two accuse the third and the third both', () => {
    const verdict = judgeFile(
      three,
      file(
        { ...DIR, accuses: meta(1), ...user('31') },
        { ...DIR, accuses: meta(0, 2) },
        { ...DIR, accuses: meta(1), ...user('31') },
      ),
    );
    expect(verdict).toMatchObject({
      state: 'healing',
      kinds: ['metadata'],
      sources: ['b0', 'b2'],
      sinks: ['b1'],
    });
  });
  test('a circle: all end with the same value', () => {
    const verdict = judgeFile(
      three,
      file(
        { accuses: meta(1), ...user('31') },
        { accuses: meta(2), ...user('32') },
        { accuses: meta(0), ...user('33') },
      ),
    );
    expect(verdict).toMatchObject({ state: 'cyclic-blame', kinds: ['metadata'] });
    expect(verdict.heals).toContain('b0 overwrites b1, b2');
  });
  test('only one is accused by less than a quorum: it wins', () => {
    const verdict = judgeFile(
      three,
      file(
        { accuses: meta(1, 2), ...user('31') },
        { accuses: meta(0, 2), ...user('32') },
        { accuses: meta(1), ...user('33') },
      ),
    );
    expect(verdict).toMatchObject({ kinds: ['metadata'], sources: ['b0'], sinks: ['b1', 'b2'] });
    expect(verdict.heals).toContain('b0 overwrites b1, b2');
  });
});

describe('bugs/replicate/bug-1626994-info-split-brain.t', () => {
  const dirty = log(0, 0, 1);
  test('directories that are dirty on all bricks are no split brain; they are merged', () => {
    const verdict = judgeFile(three, file({ ...DIR, dirty }, { ...DIR, dirty }, { ...DIR, dirty }));
    expect(verdict.state).not.toBe('split-brain');
    expect(verdict.heals).toContain('merge');
  });
  test('a replaced brick, dirty and accused by both others, is no split brain', () => {
    const accuses = { 2: log(0, 0, 1) };
    expect(judgeFile(three, file({ ...DIR, accuses }, { ...DIR, accuses }, { ...DIR, dirty })).state).toBe(
      'healing',
    );
  });
  test('a circle of entry accusations is a split brain', () => {
    const entry = (on: number): { accuses: Record<number, ReturnType<typeof log>> } => ({
      accuses: { [on]: log(0, 0, 1) },
    });
    expect(
      judgeFile(three, file({ ...DIR, ...entry(1) }, { ...DIR, ...entry(2) }, { ...DIR, ...entry(0) })),
    ).toMatchObject({ state: 'split-brain', kinds: ['entry'] });
  });
});

describe('bugs/replicate/bug-1756938-replica-3-sbrain-cli.t', () => {
  const everybody = (data: number, metadata = 0): FileInput =>
    file(
      ...[0, 1, 2].map((i) => ({
        accuses: Object.fromEntries([0, 1, 2].filter((j) => j !== i).map((j) => [j, log(data, metadata)])),
      })),
    );
  const shard = '/.shard/cccccccc-0000-0000-0000-000000000009.1';
  test('all accuse all: data split brain, resolved by source-brick and path', () => {
    const verdict = judgeFile(three, { ...everybody(1), path: '/file1' });
    expect(verdict).toMatchObject({ state: 'split-brain', kinds: ['data'] });
    expect(commands(verdict, three)).toContain(
      "gluster volume heal v split-brain source-brick b1:/brick '/file1'",
    );
  });
  test('a shard in data split brain is resolved by its gfid', () => {
    const verdict = judgeFile(three, { ...everybody(1), path: shard });
    expect(commands(verdict, three)).toContain(
      'gluster volume heal v split-brain source-brick b1:/brick gfid:aaaaaaaa-0000-0000-0000-000000000001',
    );
  });
  test('a shard with three gfids is resolved by its path', () => {
    const verdict = judgeFile(three, { ...file(gfid(1), gfid(2), gfid(3)), path: shard });
    expect(verdict).toMatchObject({ state: 'split-brain', kinds: ['gfid'] });
    expect(commands(verdict, three)).toContain(
      `gluster volume heal v split-brain source-brick b1:/brick '${shard}'`,
    );
  });
  test('data and metadata together', () => {
    expect(judgeFile(three, { ...everybody(1, 1), path: shard })).toMatchObject({
      state: 'split-brain',
      kinds: ['data', 'metadata'],
    });
  });
});

test('bugs/replicate/bug-1801624-entry-heal.t: a file removed and made again while b1 was away heals, though the gfids differ', () => {
  const parent = directory({ 1: '000000000000000000000002' }, undefined, { 1: '000000000000000000000002' });
  const verdict = judgeFile(three, under(parent, file(gfid(2), gfid(1), gfid(2))));
  expect(verdict).toMatchObject({ state: 'healing', kinds: ['entry'], sources: ['b0', 'b2'], sinks: ['b1'] });
  // An arbiter has the name and no data.
  const arbitrated = judgeFile(
    replicas(3, { arbiter: true }),
    under(parent, file(gfid(2), gfid(1), gfid(2))),
  );
  expect(arbitrated).toMatchObject({ state: 'sole-good-copy', kinds: ['entry'] });
});

test('bugs/replicate/bug-1433571-undo-pending-only-on-up-bricks.t: without quorum all three accuse both others of entries; all files come back', () => {
  const set = replicas(3, { quorum: 'none' });
  const entry = (...on: number[]): { accuses: Record<number, ReturnType<typeof log>> } => ({
    accuses: Object.fromEntries(on.map((i) => [i, log(0, 0, 1)])),
  });
  const root = judgeFile(
    set,
    file({ ...DIR, ...entry(1, 2) }, { ...DIR, ...entry(0, 2) }, { ...DIR, ...entry(0, 1) }),
  );
  expect(root).toMatchObject({ state: 'split-brain', kinds: ['entry'] });
  expect(root.heals).toContain('merge');
  expect(judgeFile(set, under({ kind: 'merges' }, file(undefined, absent, absent))).heals).toContain(
    'comes to b1, b2',
  );
});

test('bugs/replicate/bug-1586020-mark-dirty-for-entry-txn-on-quorum-failure.t: a file made on one brick only, the parent dirty there', () => {
  const parent = directory(undefined, undefined, { 9: ENTRY });
  expect(parent).toEqual({ kind: 'merges' });
  expect(judgeFile(three, under(parent, file(absent, absent, undefined)))).toMatchObject({
    state: 'sole-good-copy',
    sources: ['b2'],
  });
});

test('bugs/replicate/bug-1438255-do-not-mark-self-accusing-xattrs.t: chown and a failing setfattr while b2 lags accuse b2 only', () => {
  const accuses = { 2: log(0, 2) };
  const verdict = judgeFile(three, file({ accuses, uid: 1_438_255 }, { accuses, uid: 1_438_255 }, undefined));
  expect(verdict).toMatchObject({
    state: 'healing',
    kinds: ['metadata'],
    sources: ['b0', 'b1'],
    sinks: ['b2'],
  });
});

describe('bugs/replicate/bug-1190069-afr-stale-index-entries.t', () => {
  const index = { xattrop: [true, true], dirty: [false, false] };
  test('each side missed a write: split brain, unreadable', () => {
    const verdict = judgeFile(two, { ...file({ accuses: all(1) }, { accuses: all(0) }), index });
    expect(verdict).toMatchObject({ state: 'split-brain', reads: { result: 'EIO' }, notes: [] });
  });
  test('after the accusations are cleared the links in the index are stale and mean nothing', () => {
    const verdict = judgeFile(two, { ...file(undefined, undefined), index });
    expect(verdict.state).toBe('clean');
    expect(verdict.notes.join()).toContain('stale index entry (xattrop) on b0, b1');
  });
});

test('bugs/replicate/bug-1448804-check-quorum-type-values.t: the rule in effect', () => {
  expect(effectiveQuorum(2)).toEqual({ type: 'none' });
  expect(effectiveQuorum(3)).toEqual({ type: 'auto' });
  expect(effectiveQuorum(3, 'fixed')).toEqual({ type: 'none' });
  expect(effectiveQuorum(3, 'fixed', 1)).toEqual({ type: 'fixed', count: 1 });
});

test('bugs/replicate/bug-1722507-type-mismatch-error-handling.t: a copy that lost its gfid gets it back', () => {
  const lost = { type: 'file' as const, gfid: undefined as never };
  const verdict = judgeFile(
    three,
    under(
      { kind: 'heals', sources: [true, false, false], sinks: [false, true, true] },
      file(lost, undefined, undefined),
    ),
  );
  expect(verdict).toMatchObject({ state: 'healing', kinds: ['gfid'], sinks: ['b0'] });
});

test('bugs/replicate/bug-1749322-entry-heal-not-happening.t: names missing under b0 and b2, which accuse each other, come from whoever has them', () => {
  const parent = directory({ 2: FULL }, undefined, { 0: FULL });
  const file2 = judgeFile(three, under(parent, file(absent, undefined, absent)));
  expect(file2.sinks).toEqual(['b0', 'b2']);
  expect(file2.state).not.toBe('split-brain');
});

test('bugs/replicate/bug-1180545.t: in a directory split brain the files merge and only the name with two gfids stays split', () => {
  const parent = directory({ 1: ENTRY }, { 0: ENTRY });
  expect(parent).toEqual({ kind: 'merges' });
  expect(judgeFile(two, under(parent, file(undefined, absent))).heals).toContain('comes to b1');
  expect(judgeFile(two, under(parent, file(gfid(1), gfid(2)))).state).toBe('split-brain');
});

test('bugs/replicate/bug-1408712.t: shards made while b0 was away', () => {
  const parent = directory(undefined, { 0: ENTRY }, { 0: ENTRY });
  const accuses = { 0: log(1, 1) };
  const verdict = judgeFile(
    three,
    under(parent, {
      ...file(absent, { accuses }, { accuses }),
      path: '/.shard/cccccccc-0000-0000-0000-000000000009.2',
    }),
  );
  expect(verdict).toMatchObject({ state: 'healing', kinds: ['entry'], sources: ['b1', 'b2'], sinks: ['b0'] });
});
