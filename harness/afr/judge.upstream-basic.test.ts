/**
 * What GlusterFS's own regression tests expect (tests/basic/afr of v11.1, named per case), as fixtures in our words: the state of the
 * bricks that each test sets up, and what it says GlusterFS must or must not do.
 */
import { describe, expect, test } from 'vitest';
import { choicesFor } from './advice.ts';
import { judgeFile } from './judge.ts';
import { effectiveQuorum, hasQuorum } from './replica-set.ts';
import { absent, file, log, replicas, unseen } from './testing.fixture.ts';
import { two, all, DIR, gfid, under, commands, directory, ENTRY } from './upstream.fixture.ts';

test.each([
  { name: 'replica 2, fixed 2, one down', up: [false, true], type: 'fixed', count: 2, may: false },
  { name: 'replica 2, auto, first down', up: [false, true], type: 'auto', may: false },
  { name: 'replica 2, auto, second down', up: [true, false], type: 'auto', may: true },
  { name: 'replica 2, none', up: [false, true], type: 'none', may: true },
  { name: 'replica 3, fixed 3, one down', up: [false, true, true], type: 'fixed', count: 3, may: false },
  { name: 'replica 3, auto, one down', up: [false, true, true], type: 'auto', may: true },
  { name: 'replica 3, auto, two down', up: [false, true, false], type: 'auto', may: false },
  { name: 'replica 3, as shipped, two down', up: [false, true, false], type: undefined, may: false },
])('basic/afr/quorum.t: $name', ({ up, type, count, may }) => {
  expect(hasQuorum(up, effectiveQuorum(up.length, type, count))).toBe(may);
});

describe('basic/afr/split-brain-heal-info.t', () => {
  test('a file written, a directory chmodded, a name made twice with different types: three split brains', () => {
    expect(judgeFile(two, file({ accuses: all(1) }, { accuses: all(0) })).kinds).toEqual(['data']);
    const chmod = judgeFile(
      two,
      file(
        { ...DIR, mode: '747', accuses: { 1: log(0, 1) } },
        { ...DIR, mode: '757', accuses: { 0: log(0, 1) } },
      ),
    );
    expect(chmod).toMatchObject({ state: 'split-brain', kinds: ['metadata'] });
    const entry = judgeFile(
      two,
      file({ ...DIR, accuses: { 1: log(0, 0, 1) } }, { ...DIR, accuses: { 0: log(0, 0, 1) } }),
    );
    expect(entry).toMatchObject({ state: 'split-brain', kinds: ['entry'], reads: { result: 'may-be-old' } });
    const name = judgeFile(two, under({ kind: 'merges' }, file({ ...DIR, ...gfid(1) }, gfid(2))));
    expect(name).toMatchObject({ state: 'split-brain', kinds: ['type'] });
    expect(name.heals).toContain('no heal command');
  });
  test('a split chmod on which both sides agree heals by itself', () => {
    expect(judgeFile(two, file({ accuses: { 1: log(0, 1) } }, { accuses: { 0: log(0, 1) } })).state).toBe(
      'healing',
    );
  });
});

describe('basic/afr/split-brain-healing.t', () => {
  const split = {
    ...file({ accuses: all(1), size: 88, mtimeMs: 2000 }, { accuses: all(0), size: 30, mtimeMs: 1000 }),
    path: '/file1',
  };
  test('bigger-file, latest-mtime and source-brick each have their command, with the brick that they choose', () => {
    const verdict = judgeFile(two, split);
    const [first, second] = choicesFor(two, verdict, { biggest: 'b0', newest: 'b0' });
    expect(first?.commands.map((c) => c.command)).toEqual([
      "gluster volume heal v split-brain source-brick b0:/brick '/file1'",
      "gluster volume heal v split-brain bigger-file '/file1'",
      "gluster volume heal v split-brain latest-mtime '/file1'",
    ]);
    expect(second?.commands).toHaveLength(1);
    expect(second?.loses).toContain('58 bytes longer');
  });
  test('metadata: only source-brick is offered', () => {
    const verdict = judgeFile(
      two,
      file({ mode: '600', accuses: { 1: log(0, 1) } }, { accuses: { 0: log(0, 1) } }),
    );
    expect(choicesFor(two, verdict, { biggest: 'b0', newest: 'b0' })[0]?.commands).toHaveLength(1);
  });
  test('a file that is not in split brain gets no such command', () => {
    expect(commands(judgeFile(two, file({ accuses: all(1) }, undefined)))).toEqual(['gluster volume heal v']);
  });
});

describe('basic/afr/split-brain-favorite-child-policy (client and daemon side), bug-1386188-sbrain-fav-child.t, bug-1655052-sbrain-policy-same-size.t', () => {
  const split = file(
    { accuses: all(1), mtimeMs: 1000, ctimeMs: 9000 },
    { accuses: all(0), mtimeMs: 2000, ctimeMs: 3000 },
  );
  const heals = (favoriteChild: 'none' | 'mtime' | 'ctime' | 'size'): string =>
    judgeFile(replicas(2, { favoriteChild }), split).heals;
  test('none: a person has to choose', () => expect(heals('none')).toContain('a person has to choose'));
  test('mtime and ctime choose the newest', () => {
    expect(heals('mtime')).toContain('b1 overwrites b0 (chosen by favorite-child-policy mtime)');
    expect(heals('ctime')).toContain('b0 overwrites b1 (chosen by favorite-child-policy ctime)');
  });
  test('size cannot choose between equal sizes', () =>
    expect(heals('size')).toContain('a person has to choose'));
  test('majority: two of three agree', () => {
    const set = replicas(3, { favoriteChild: 'majority' });
    const of = (i: number, size: number): object => ({
      size,
      accuses: all(...[0, 1, 2].filter((j) => j !== i)),
    });
    expect(judgeFile(set, file(of(0, 5), of(1, 7), of(2, 7))).heals).toContain('b1 overwrites b0, b2');
  });
});

test('basic/afr/gfid-mismatch.t: another gfid on one brick and clean attributes: EIO', () => {
  expect(judgeFile(replicas(2, { quorum: 'auto' }), file(gfid(1), gfid(2)))).toMatchObject({
    state: 'split-brain',
    kinds: ['gfid'],
    reads: { result: 'EIO' },
  });
});

describe('basic/afr/gfid-mismatch-resolution-with-{cli,fav-child-policy}.t, bugs/replicate/issue-3288-dir-gfid-mismatch-heal-option.t', () => {
  const conflict = under(
    { kind: 'merges' },
    { ...file({ ...gfid(1), mtimeMs: 2000 }, { ...gfid(2), mtimeMs: 1000 }), path: '/f1' },
  );
  test('by command, with the name', () => {
    expect(commands(judgeFile(two, conflict))).toContain(
      "gluster volume heal v split-brain source-brick b1:/brick '/f1'",
    );
  });
  test('by policy', () => {
    expect(judgeFile(replicas(2, { favoriteChild: 'mtime' }), conflict).heals).toContain(
      "b0's file replaces the others",
    );
  });
  test('never by policy for a directory', () => {
    const dirs = under(
      { kind: 'merges' },
      file({ ...DIR, ...gfid(1), mtimeMs: 2000 }, { ...DIR, ...gfid(2), mtimeMs: 1000 }),
    );
    expect(judgeFile(replicas(2, { favoriteChild: 'mtime' }), dirs).heals).toContain(
      'a person has to choose',
    );
  });
});

test('basic/afr/granular-esh/granular-esh.t: the data word of a new directory asks for a full crawl, it is no data conflict', () => {
  const verdict = judgeFile(two, file(DIR, { ...DIR, accuses: { 0: log(1, 1, 1) } }));
  expect(verdict.kinds).not.toContain('data');
  expect(verdict).toMatchObject({ sources: ['b1'], sinks: ['b0'] });
});

test('basic/afr/arbiter.t: with b1 down, the stale b0 and the arbiter must refuse reads and writes, and must not heal', () => {
  const set = replicas(3, { arbiter: true });
  const state = [undefined, { accuses: { 0: log(1, 1) } }, { accuses: { 0: log(1, 1) }, size: 0 }] as const;
  const verdict = judgeFile(set, file(...state));
  expect(verdict.ifDown['b1']).toMatchObject({
    reads: { result: 'ENOTCONN' },
    writes: { result: 'ENOTCONN' },
    quorum: 'kept',
  });
  expect(verdict.heals).toContain('b1 overwrites b0');
  expect(judgeFile(set, file(state[0], unseen, state[2])).heals).toContain('not while a brick is missing');
});

test('basic/afr/rename-data-loss.t: renamed on b1 while b0, which holds the newer bytes, was away: the bytes on b0 must survive', () => {
  const parent = directory(undefined, { 0: ENTRY });
  const [onB0, onB1] = file({ accuses: all(1) }, undefined).replies;
  const copyOnB0 = onB0?.kind === 'copy' ? onB0.copy : undefined;
  const renamed = judgeFile(two, {
    path: '/file2',
    replies: [absent, onB1 ?? absent],
    parent,
    elsewhere: [copyOnB0, undefined],
  });
  expect(renamed.kinds).toEqual(expect.arrayContaining(['entry', 'data']));
  expect(renamed.state).toBe('sole-good-copy');
  expect(renamed.because).toContain('data: b0 holds the only good copy');
});

test('basic/afr/replace-brick-self-heal.t: an empty brick, dirty and accused of everything, is filled from the other', () => {
  const root = judgeFile(
    two,
    file(
      { ...DIR, accuses: { 1: log(1, 1, 1) } },
      { ...DIR, dirty: log(0, 0, 1), accuses: { 0: log(0, 0, 1) } },
    ),
  );
  expect(root.heals).toMatch(/merge|b0 overwrites b1/);
  const parent = directory({ 1: '000000010000000100000001' }, { 0: ENTRY, 9: ENTRY });
  expect(judgeFile(two, under(parent, file(undefined, absent)))).toMatchObject({
    state: 'sole-good-copy',
    sources: ['b0'],
    sinks: ['b1'],
  });
});
