import { describe, expect, test } from 'vitest';
import type { BrickFacts, FileOnBrick, HealInfoBrick } from '../model/facts.ts';
import { brick, gfid } from '../model/names.ts';
import { judgeSnapshot, type SnapshotRequest } from './snapshot.ts';

const RULES = { quorum: { type: 'auto' }, favoriteChild: 'none' } as const;
const HEX = 'aaaaaaaa000000000000000000000001';
const ID = gfid(HEX);
const word = (data: number): string => `${data.toString(16).padStart(8, '0')}${'0'.repeat(16)}`;

const fileOf = (
  path: string,
  xattrs: Record<string, string> = {},
  more: Partial<FileOnBrick> = {},
): FileOnBrick => ({
  path,
  type: path === '/' ? 'directory' : 'file',
  size: 4096,
  mtimeMs: 1000,
  ctimeMs: 1000,
  mode: '644',
  uid: 0,
  gid: 0,
  xattrs: { 'trusted.gfid': path === '/' ? '00000000000000000000000000000001' : HEX, ...xattrs },
  ...more,
});

function facts(n: number, files: readonly FileOnBrick[] | undefined, xattrop: boolean = false): BrickFacts {
  const who = { brick: brick(`pve${n + 1}:/b`), arbiter: false, accusedAs: `trusted.afr.v-client-${n}` };
  if (files === undefined) return { ...who, seen: false, because: 'no answer within 5 s' };
  return {
    ...who,
    seen: true,
    atMs: 0,
    files,
    index: { seen: true, xattrop: xattrop ? 1 : 0, dirty: 0, entryChanges: 0 },
    indexGfids: { xattrop: xattrop && ID !== undefined ? [ID] : [], dirty: [], entryChanges: [] },
  };
}
const judge = (
  bricks: readonly BrickFacts[],
  more: Partial<SnapshotRequest> = {},
): ReturnType<typeof judgeSnapshot> => judgeSnapshot({ volume: 'v', bricks, rules: RULES, ...more });
const row = (n: number, more: Partial<HealInfoBrick> = {}): HealInfoBrick => ({
  brick: brick(`pve${n + 1}:/b`),
  connected: true,
  status: 'Connected',
  entries: { seen: true, count: 0 },
  inSplitBrain: [],
  listed: [],
  ...more,
});

describe('a snapshot of a lab or a cluster', () => {
  const pending = [fileOf('/'), fileOf('/f', { 'trusted.afr.v-client-1': word(1) })];
  const plain = [fileOf('/'), fileOf('/f')];

  test('files of all bricks are put side by side', () => {
    const seen = judge([facts(0, pending, true), facts(1, plain), facts(2, pending, true)]);
    expect(seen.worst).toBe('healing');
    expect(seen.files.map((f) => [f.verdict.path, f.verdict.state])).toEqual([
      ['/', 'clean'],
      ['/f', 'healing'],
    ]);
    expect(seen.files[1]?.verdict).toMatchObject({
      sources: ['pve1:/b', 'pve3:/b'],
      sinks: ['pve2:/b'],
      notes: [],
    });
  });

  test('accused but in no index: the self-heal daemon will not find it', () => {
    const seen = judge([facts(0, pending), facts(1, plain), facts(2, pending)]);
    expect(seen.files[1]?.verdict.notes.join()).toContain('no index names it');
  });

  test('a brick that did not answer: undecidable, whatever the others say', () => {
    const seen = judge([facts(0, plain), facts(1, plain), facts(2, undefined)]);
    expect(seen.worst).toBe('undecidable');
    expect(seen.order[0]).toContain('Bring back pve3:/b');
  });

  test('nothing seen at all is undecidable', () => {
    expect(judge([facts(0, undefined), facts(1, undefined), facts(2, undefined)]).worst).toBe('undecidable');
    expect(judge([facts(0, []), facts(1, []), facts(2, [])]).worst).toBe('undecidable');
  });

  test('an earlier snapshot and the ledger are used where they are given', () => {
    const dirty = [fileOf('/'), fileOf('/f', { 'trusted.afr.dirty': word(1) })];
    const bricks = [facts(0, dirty), facts(1, dirty), facts(2, dirty)];
    const seen = judge(bricks, { earlier: bricks, ledger: () => ({ missing: [[], [[4, 9]], []] }) });
    expect(seen.files[1]?.verdict).toMatchObject({
      state: 'persistent-dirty',
      evidence: ['attributes', 'second snapshot', 'mtime', 'ledger'],
    });
    expect(seen.files[1]?.verdict.ifSource['pve2:/b']?.what).toBe('acknowledged records 4 to 9');
  });

  test('a name under a directory that accuses a brick is expected to be missing there', () => {
    const parent = [fileOf('/', { 'trusted.afr.v-client-1': '000000000000000000000001' }), fileOf('/f')];
    const seen = judge([facts(0, parent), facts(1, [fileOf('/')]), facts(2, parent)]);
    expect(seen.files.find((f) => f.verdict.path === '/f')?.verdict).toMatchObject({
      state: 'healing',
      kinds: ['entry'],
    });
  });
});

describe('the CLI as second witness', () => {
  const split = (n: number): FileOnBrick[] => [
    fileOf('/'),
    fileOf(
      '/f',
      Object.fromEntries([0, 1, 2].filter((j) => j !== n).map((j) => [`trusted.afr.v-client-${j}`, word(1)])),
    ),
  ];
  const bricks = [0, 1, 2].map((n) => facts(n, split(n)));

  test('agreement is silence', () => {
    const healInfo = [0, 1, 2].map((n) => row(n, { listed: ['/f'], inSplitBrain: ['/f'] }));
    expect(judge(bricks, { healInfo }).disagreements).toEqual([]);
  });
  test('a split brain that heal info does not list, or not as such', () => {
    expect(judge(bricks, { healInfo: [0, 1, 2].map((n) => row(n)) }).disagreements).toEqual([
      { about: '/f', bricks: 'split-brain', cli: 'not listed' },
    ]);
    expect(
      judge(bricks, { healInfo: [0, 1, 2].map((n) => row(n, { listed: ['/f'] })) }).disagreements,
    ).toEqual([{ about: '/f', bricks: 'split-brain', cli: 'listed, but not as split-brain' }]);
  });
  test('a clean file that heal info lists', () => {
    const clean = [0, 1, 2].map((n) => facts(n, [fileOf('/'), fileOf('/f')]));
    expect(
      judge(clean, {
        healInfo: [row(0, { listed: ['<gfid:aaaaaaaa-0000-0000-0000-000000000001>'] }), row(1), row(2)],
      }).disagreements,
    ).toEqual([{ about: '/f', bricks: 'clean', cli: 'to be healed' }]);
  });
  test('what the bricks can not tell contradicts nobody', () => {
    const dirty = [0, 1, 2].map((n) =>
      facts(n, [fileOf('/'), fileOf('/f', { 'trusted.afr.dirty': word(1) })]),
    );
    const seen = judge(dirty, { healInfo: [0, 1, 2].map((n) => row(n)) });
    expect(seen.worst).toBe('undecidable');
    expect(seen.disagreements).toEqual([]);
  });
  test("'-' and missing rows are set against what the bricks did", () => {
    const healInfo = [row(0), row(1, { connected: false, status: 'Transport endpoint is not connected' })];
    const clean = [0, 1, 2].map((n) => facts(n, n === 2 ? undefined : [fileOf('/')]));
    expect(judge(clean, { healInfo: [...healInfo, row(2)] }).disagreements.slice(0, 2)).toEqual([
      { about: 'pve2:/b', bricks: 'its files were read', cli: "'Transport endpoint is not connected'" },
      { about: 'pve3:/b', bricks: 'did not answer: no answer within 5 s', cli: 'connected' },
    ]);
    expect(judge(clean, { healInfo }).disagreements).toContainEqual({
      about: 'pve3:/b',
      bricks: 'did not answer',
      cli: 'not listed at all',
    });
  });
});
