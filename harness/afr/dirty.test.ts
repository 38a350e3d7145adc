import { describe, expect, test } from 'vitest';
import type { FileInput } from './aspect.ts';
import { judgeFile } from './judge.ts';
import { absent, file, log, replicas, type CopyWords } from './testing.fixture.ts';

const set = replicas(3);
const dirty = log(1);
const NOW = 1_700_000_000_000;
const sha = (digit: string): { sha256: string } => ({ sha256: digit.repeat(64) });
const everywhere = (words: CopyWords): FileInput =>
  file({ dirty, ...words }, { dirty, ...words }, { dirty, ...words });

describe('dirty without an accusation, one snapshot (measured: states 02, 14 and 21 look alike)', () => {
  test('nobody can tell: undecidable, and reads may be old', () => {
    const verdict = judgeFile(set, everywhere({}));
    expect(verdict).toMatchObject({
      state: 'undecidable',
      reads: { result: 'may-be-old' },
      evidence: ['attributes'],
    });
    expect(verdict.because).toContain('--later');
  });
  test('equal sums rule out a stale copy, but not whether a writer is alive', () => {
    const verdict = judgeFile(set, everywhere(sha('a')));
    expect(verdict).toMatchObject({
      state: 'undecidable',
      reads: { result: 'newest' },
      evidence: ['attributes', 'sha256'],
    });
  });
  test('copies that nobody changed for minutes before they were read have no living writer', () => {
    const old = {
      ...everywhere({ ...sha('a'), mtimeMs: NOW }),
      seenAtMs: [NOW + 600_000, NOW + 600_000, NOW + 600_000],
    };
    expect(judgeFile(set, old)).toMatchObject({
      state: 'persistent-dirty',
      evidence: ['attributes', 'mtime', 'sha256'],
    });
    const fresh = { ...old, seenAtMs: [NOW + 5000, NOW + 5000, NOW + 5000] };
    expect(judgeFile(set, fresh).state).toBe('undecidable');
  });
});

describe('dirty without an accusation, two snapshots', () => {
  const twice = (earlier: FileInput, later: FileInput): FileInput => ({ ...later, earlier: earlier.replies });
  test('every copy moved on: a live writer, nothing is wrong', () => {
    const verdict = judgeFile(set, twice(everywhere({ mtimeMs: NOW }), everywhere({ mtimeMs: NOW + 3000 })));
    expect(verdict).toMatchObject({ state: 'clean', kinds: [], reads: { result: 'newest' } });
    expect(verdict.evidence).toContain('second snapshot');
  });
  test('nothing moved: the writer is gone and the mark stays', () => {
    const verdict = judgeFile(set, twice(everywhere(sha('a')), everywhere(sha('a'))));
    expect(verdict).toMatchObject({ state: 'persistent-dirty', reads: { result: 'newest' } });
    expect(verdict.evidence).toEqual(['attributes', 'second snapshot', 'mtime', 'sha256']);
  });
  test('nothing moved and the sums differ: stale data without an accusation, as when brick and client die together', () => {
    const words = [
      { dirty, ...sha('a'), mtimeMs: NOW + 5300 },
      { dirty, ...sha('b'), mtimeMs: NOW },
      { dirty, ...sha('a'), mtimeMs: NOW + 5300 },
    ];
    const verdict = judgeFile(set, twice(file(...words), file(...words)));
    expect(verdict).toMatchObject({ state: 'persistent-dirty', reads: { result: 'may-be-old' } });
    expect(verdict.because).toContain('by mtime b1 is older');
    expect(verdict.ifSource['b1']?.loses).toBe('unknown');
  });
  test('a brick that does not move while the others do misses the writes: accusations will come', () => {
    const before = file({ dirty, mtimeMs: NOW }, { mtimeMs: NOW }, { dirty, mtimeMs: NOW });
    const after = file({ dirty, mtimeMs: NOW + 3000 }, { mtimeMs: NOW }, { dirty, mtimeMs: NOW + 3000 });
    expect(judgeFile(set, twice(before, after))).toMatchObject({
      state: 'healing',
      sources: ['b0', 'b2'],
      sinks: ['b1'],
    });
  });
  test('a shard that a live writer made between the snapshots', () => {
    const made = file({ dirty }, undefined, { dirty });
    expect(judgeFile(set, { ...made, earlier: file(absent, absent, absent).replies }).state).toBe('clean');
  });
  test('a mark of two under a live writer was left by an earlier one', () => {
    const two = { dirty: log(2) };
    expect(
      judgeFile(set, twice(everywhere({ ...two, mtimeMs: NOW }), everywhere({ ...two, mtimeMs: NOW + 3000 })))
        .state,
    ).toBe('undecidable');
  });
  test('a mark of two that became one: the writer at work added its own to one that was left, or took it away', () => {
    const before = everywhere({ dirty: log(2), mtimeMs: NOW });
    expect(judgeFile(set, twice(before, everywhere({ mtimeMs: NOW + 3000 }))).state).toBe('undecidable');
  });
  test('without times or sums two snapshots tell no more than one', () => {
    const bare = (): FileInput => ({
      path: '/f',
      replies: everywhere({}).replies.map((r) =>
        r.kind === 'copy'
          ? { kind: 'copy', copy: { gfid: r.copy.gfid as never, dirty, accuses: r.copy.accuses, xattrs: {} } }
          : r,
      ),
    });
    expect(judgeFile(set, twice(bare(), bare())).state).toBe('undecidable');
  });
  test('the mark is gone in the second snapshot: clean', () => {
    expect(judgeFile(set, twice(everywhere({}), file(undefined, undefined, undefined))).state).toBe('clean');
  });
});

describe('differences while a writer is at work are no conflict', () => {
  const size = (hex: string): CopyWords => ({
    xattrs: { 'trusted.glusterfs.shard.file-size': hex.padStart(64, '0') },
  });
  const growing = file({ dirty, ...size('1') }, { dirty, ...size('2') }, { dirty, ...size('2') });
  const growingMore = file({ dirty, ...size('3') }, { dirty, ...size('3') }, { dirty, ...size('4') });
  test('one snapshot can not tell', () => expect(judgeFile(set, growing).state).toBe('undecidable'));
  test('two can: every copy moved', () => {
    expect(judgeFile(set, { ...growingMore, earlier: growing.replies }).state).toBe('clean');
  });
  test('a difference that stays, with no mark and no motion, is one', () => {
    const still = file(sha('a'), sha('b'), sha('a'));
    expect(judgeFile(set, { ...still, earlier: still.replies })).toMatchObject({
      state: 'silent-divergence',
    });
    const moving = file({ ...sha('c'), mtimeMs: NOW + 1 }, sha('b'), sha('a'));
    expect(judgeFile(set, { ...moving, earlier: still.replies }).state).toBe('undecidable');
  });
  test('a copy changed while the bricks were read', () => {
    const read = { ...file(sha('a'), sha('b'), sha('a')), seenAtMs: [NOW + 1000, NOW + 4000, NOW + 7000] };
    expect(judgeFile(set, read)).toMatchObject({ state: 'undecidable' });
    expect(judgeFile(set, { ...read, seenAtMs: [NOW + 9000, NOW + 9000, NOW + 9000] }).state).toBe(
      'silent-divergence',
    );
  });
  test('a name made while the bricks were read', () => {
    const made = { ...file(undefined, absent, undefined), parent: { kind: 'none' as const } };
    expect(judgeFile(set, { ...made, seenAtMs: [NOW, NOW, NOW] }).state).toBe('undecidable');
    expect(judgeFile(set, { ...made, earlier: made.replies })).toMatchObject({
      state: 'silent-divergence',
      kinds: ['entry'],
    });
    expect(judgeFile(set, { ...made, earlier: file(absent, absent, absent).replies }).state).toBe(
      'undecidable',
    );
  });
});

describe('the ledger decides where bytes were not compared', () => {
  test('it names the records that a choice loses', () => {
    const input = {
      ...everywhere({ mtimeMs: NOW }),
      seenAtMs: [NOW + 600_000, NOW + 600_000, NOW + 600_000],
      ledger: { missing: [[], [[18_402, 18_977] as const], []] },
    };
    const verdict = judgeFile(set, input);
    expect(verdict).toMatchObject({ state: 'persistent-dirty', reads: { result: 'may-be-old' } });
    expect(verdict.evidence).toContain('ledger');
    expect(verdict.ifSource['b1']).toMatchObject({
      loses: 'writes',
      what: 'acknowledged records 18402 to 18977',
    });
    expect(verdict.ifSource['b0']?.loses).toBe('nothing');
  });
});
