/** The truth table of reference/gluster.md 1.2, and the points where the rules meet. Row accuses column; three bricks, all locked. */
import { describe, expect, test } from 'vitest';
import { directionOf, type Matrix } from './direction.ts';
import { judgeFile } from './judge.ts';
import { copy, file, log, replicas } from './testing.fixture.ts';
import type { FileState } from './state.ts';
import type { Transaction } from './changelog.ts';

interface Row {
  readonly accusations: string;
  readonly data: { sources: number[]; sinks: number[]; splitBrain: boolean };
  readonly state: FileState;
}

const TABLE: readonly Row[] = [
  { accusations: '', data: { sources: [0, 1, 2], sinks: [], splitBrain: false }, state: 'clean' },
  { accusations: '0>1 2>1', data: { sources: [0, 2], sinks: [1], splitBrain: false }, state: 'healing' },
  {
    accusations: '0>1 0>2 1>2 2>1',
    data: { sources: [0], sinks: [1, 2], splitBrain: false },
    state: 'sole-good-copy',
  },
  {
    accusations: '0>1 1>2 2>0',
    data: { sources: [0, 1, 2], sinks: [], splitBrain: false },
    state: 'cyclic-blame',
  },
  { accusations: '0>1 1>0', data: { sources: [2], sinks: [], splitBrain: false }, state: 'sole-good-copy' },
  {
    accusations: '0>1 2>1 1>0 1>2',
    data: { sources: [0, 2], sinks: [], splitBrain: false },
    state: 'healing',
  },
  {
    accusations: '0>1 0>2 1>0 1>2 2>0 2>1',
    data: { sources: [], sinks: [0, 1, 2], splitBrain: true },
    state: 'split-brain',
  },
  {
    accusations: '0>0 0>1 0>2 1>0 2>0',
    data: { sources: [1, 2], sinks: [0], splitBrain: false },
    state: 'healing',
  },
];

function matrix(accusations: string, bricks = 3): number[][] {
  const m = Array.from({ length: bricks }, () => Array.from({ length: bricks }, () => 0));
  for (const [, by, on] of accusations.matchAll(/(\d)>(\d)/g)) (m[Number(by)] as number[])[Number(on)] = 1;
  return m;
}
const where = (flags: readonly boolean[]): number[] => flags.flatMap((f, i) => (f ? [i] : []));

function direction(
  of: Transaction,
  accusations: string,
  quorum = 2,
): { sources: number[]; sinks: number[]; splitBrain: boolean } {
  const d = directionOf(of, matrix(accusations), [0, 0, 0], quorum);
  return { sources: where(d.sources), sinks: where(d.sinks), splitBrain: d.splitBrain };
}

function accusing(m: Matrix): ReturnType<typeof file> {
  return file(...m.map((row) => ({ accuses: Object.fromEntries(row.map((n, j) => [j, log(n)])) })));
}

describe('find_direction', () => {
  test.each(TABLE)('data, $accusations', (row) => {
    expect(direction('data', row.accusations)).toEqual(row.data);
  });

  test.each(TABLE)('metadata follows the same rules, $accusations', (row) => {
    expect(direction('metadata', row.accusations)).toEqual(row.data);
  });

  test('entries know no quorum accounting: a circle is a split brain', () => {
    expect(direction('entry', '0>1 1>2 2>0')).toEqual({ sources: [], sinks: [0, 1, 2], splitBrain: true });
  });

  test('without a quorum rule two that accuse each other are a split brain, with one they are both called sources', () => {
    const two = (quorum: number): boolean =>
      directionOf('data', matrix('0>1 1>0', 2), [0, 0], quorum).splitBrain;
    expect(two(0)).toBe(true);
    expect(two(2)).toBe(false);
  });

  test('a brick that accuses itself has no say, but what it saw counts as witness', () => {
    const d = directionOf(
      'data',
      [
        [3, 5, 0],
        [0, 0, 0],
        [0, 0, 0],
      ],
      [0, 0, 0],
      2,
    );
    expect(where(d.sources)).toEqual([0, 1, 2]);
    expect(d.witness).toEqual([8, 0, 0]);
  });

  test('dirty is a witness on every brick', () => {
    expect(directionOf('data', matrix(''), [1, 0, 2], 2).witness).toEqual([1, 0, 2]);
  });
});

describe('the state of a file', () => {
  test.each(TABLE)('$accusations is $state', (row) => {
    expect(judgeFile(replicas(3), accusing(matrix(row.accusations))).state).toBe(row.state);
  });

  test('the sole good copy is named, and rebooting its node makes the file unreadable', () => {
    const verdict = judgeFile(replicas(3), accusing(matrix('0>1 0>2 1>2 2>1')));
    expect(verdict.sources).toEqual(['b0']);
    expect(verdict.sinks).toEqual(['b1', 'b2']);
    expect(verdict.reads.result).toBe('newest');
    expect(verdict.ifDown['b0']?.reads.result).toBe('ENOTCONN');
    expect(verdict.ifDown['b1']?.reads).toMatchObject({ result: 'newest', from: ['b0'] });
    expect(verdict.ifSource['b0']?.loses).toBe('nothing');
    expect(verdict.ifSource['b1']?.loses).toBe('writes');
  });

  test('two that accuse each other, and a third that accuses nobody: GlusterFS heals from it, and nothing confirms that it has all', () => {
    const verdict = judgeFile(replicas(3), accusing(matrix('0>1 1>0')));
    expect(verdict).toMatchObject({ state: 'sole-good-copy', sources: ['b2'] });
    expect(verdict.because).toContain('b0 accuses b1; b1 accuses b0');
    expect(verdict.reads.result).toBe('may-be-old');
    expect(verdict.ifSource['b2']).toMatchObject({ possible: true, loses: 'unknown' });
    expect(verdict.notes.join()).toContain('nothing there confirms the writes that the others missed');
  });

  test('a circle can be read by nobody and heals never when the sizes are equal', () => {
    const verdict = judgeFile(replicas(3), accusing(matrix('0>1 1>2 2>0')));
    expect(verdict.reads.result).toBe('ENOTCONN');
    expect(verdict.heals).toMatch(/^never/);
    expect(verdict.sources).toEqual(['b0', 'b1', 'b2']);
  });

  test('a circle with one larger copy heals by itself, losing what the others hold', () => {
    const set = replicas(3);
    const circle = [
      { accuses: { 1: log(1) } },
      { accuses: { 2: log(1) }, size: 8192 },
      { accuses: { 0: log(1) } },
    ];
    const verdict = judgeFile(set, file(...circle));
    expect(verdict.state).toBe('cyclic-blame');
    expect(verdict.heals).toContain('b1 overwrites b0, b2');
    expect(verdict.notes.join()).toContain('without a message');
  });

  test('replica 2 with one side accused leaves a sole good copy; with both, EIO', () => {
    expect(judgeFile(replicas(2), file({ accuses: { 1: log(1) } }, undefined)).state).toBe('sole-good-copy');
    const both = judgeFile(replicas(2), file({ accuses: { 1: log(1) } }, { accuses: { 0: log(1) } }));
    expect(both).toMatchObject({ state: 'split-brain', kinds: ['data'], sources: [], sinks: ['b0', 'b1'] });
    expect(both.reads.result).toBe('EIO');
  });

  test('with its accuser down a stale copy is read as if it were new, where no quorum forbids it', () => {
    const verdict = judgeFile(replicas(2), file({ accuses: { 1: log(1) } }, undefined));
    expect(verdict.ifDown['b0']?.reads.result).toBe('old');
    expect(verdict.ifDown['b0']?.writes.result).toBe('ok');
  });

  test('an arbiter is no copy: with one data brick stale, the other is the sole good one', () => {
    const set = replicas(3, { arbiter: true });
    const verdict = judgeFile(
      set,
      file(undefined, { accuses: { 0: log(1) } }, { accuses: { 0: log(1) }, size: 0 }),
    );
    expect(verdict).toMatchObject({ state: 'sole-good-copy', sources: ['b1', 'b2'], sinks: ['b0'] });
    expect(verdict.ifDown['b1']?.reads.result).toBe('ENOTCONN');
    expect(verdict.ifSource['b2']?.possible).toBe(false);
  });

  test('a copy that was not collected is never taken for healthy', () => {
    const verdict = judgeFile(
      replicas(3),
      file(undefined, undefined, { kind: 'unseen', because: 'pve3 did not answer' }),
    );
    expect(verdict.state).toBe('undecidable');
    expect(verdict.because).toContain('b2: pve3 did not answer');
  });

  test('when every copy that was seen is accused, the missing brick may hold the good one', () => {
    const verdict = judgeFile(
      replicas(3),
      file({ kind: 'unseen', because: 'down' }, { accuses: { 2: log(1) } }, { accuses: { 1: log(1) } }),
    );
    expect(verdict.state).toBe('undecidable');
    expect(verdict.reads.result).toBe('ENOTCONN');
    expect(verdict.notes.join()).toContain('b0');
  });

  test('equal sums prove that an accusation costs nothing', () => {
    const sha256 = 'f'.repeat(64);
    const verdict = judgeFile(replicas(2), file({ accuses: { 1: log(1) }, sha256 }, { sha256 }));
    expect(verdict.ifSource['b1']).toMatchObject({ loses: 'nothing' });
  });

  test('bytes that differ under clean attributes', () => {
    const verdict = judgeFile(
      replicas(3),
      file({ sha256: 'a'.repeat(64) }, { sha256: 'b'.repeat(64) }, { sha256: 'a'.repeat(64) }),
    );
    expect(verdict).toMatchObject({
      state: 'silent-divergence',
      kinds: ['data'],
      evidence: ['attributes', 'sha256'],
    });
    expect(verdict.reads.result).toBe('may-be-old');
  });

  test('different files and different types under one name', () => {
    const gfid = judgeFile(
      replicas(2),
      file(undefined, { gfid: 'bbbbbbbb-0000-0000-0000-000000000002' as never }),
    );
    expect(gfid).toMatchObject({ state: 'split-brain', kinds: ['gfid'] });
    expect(gfid.reads.result).toBe('EIO');
    const type = judgeFile(
      replicas(2),
      file(undefined, { type: 'directory', gfid: 'bbbbbbbb-0000-0000-0000-000000000002' as never }),
    );
    expect(type).toMatchObject({ state: 'split-brain', kinds: ['type'] });
  });

  test('copy() makes healthy copies: the tests above owe their states to what they set', () => {
    expect(judgeFile(replicas(3), file(undefined, undefined, undefined)).state).toBe('clean');
    expect(copy().size).toBe(4096);
  });
});
