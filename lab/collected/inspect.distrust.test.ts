import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { accuse, dump, Folder, VOLUME_INFO, type Files } from './bricks.fixture.ts';
import { inspect, three } from './inspect.fixture.ts';

describe('what can not be trusted is refused, with file and line', () => {
  const files = { '/': {}, '/a': {} };
  test('half a dump', () => {
    using folder = new Folder();
    const whole = dump(files);
    const bricks = [folder.brick('pve1', files), folder.brick('pve2', whole.slice(0, -40))];
    expect(() => inspect({ bricks })).toThrow(/pve2\/getfattr\.txt:\d+: half a dump/);
  });
  test('half a dump, cut between two records, betrayed by the count in collected.txt', () => {
    using folder = new Folder();
    const bricks = [
      folder.brick('pve1', files),
      folder.brick('pve2', { '/': {} }, { 'collected.txt': 'volume=vmstore\nrecords=2\n' }),
    ];
    expect(() => inspect({ bricks })).toThrow(
      /pve2\/getfattr\.txt:1: half a dump: 1 records, and collected\.txt counted 2/,
    );
  });
  test('a dump that may be cut: what is missing in it is not judged as missing', () => {
    using folder = new Folder();
    const whole = { '/': {}, '/a': {}, '/b': {} };
    const cut = dump({ '/': {}, '/a': {} }).slice(0, -1);
    const seen = inspect({
      bricks: [folder.brick('pve1', whole), folder.brick('pve2', cut), folder.brick('pve3', whole)],
    });
    expect(seen.of('/a').state).toBe('clean');
    expect(seen.of('/b')).toMatchObject({ state: 'undecidable' });
    expect(seen.notes.join()).toContain('may be cut off');
  });
  test('a dump from another volume, by its id', () => {
    using folder = new Folder();
    const bricks = [
      folder.brick('pve1', files),
      folder.brick('pve2', { ...files, '/': { 'trusted.glusterfs.volume-id': 'f'.repeat(32) } }),
    ];
    expect(() => inspect({ bricks })).toThrow(
      /pve2\/getfattr\.txt:3: a dump from another volume: volume id f+, but .*pve1\/getfattr\.txt:3/,
    );
  });
  test('a dump from another volume, by the name in its attributes', () => {
    using folder = new Folder();
    const bricks = [
      folder.brick('pve1', { ...files, '/a': accuse(1) }),
      folder.brick('pve2', { ...files, '/a': { 'trusted.afr.other-client-0': '0'.repeat(24) } }),
    ];
    expect(() => inspect({ bricks })).toThrow(
      /pve2\/getfattr\.txt:\d+: a dump from another volume: trusted\.afr\.other-client-0 is of volume other, but .*pve1/,
    );
  });
  test('a dump from another volume, where nothing names the volume: no file in common', () => {
    using folder = new Folder();
    const names = (prefix: string): Files =>
      Object.fromEntries(['/', ...[1, 2, 3, 4].map((n) => `/${prefix}${n}`)].map((p) => [p, {}]));
    const bare = (what: Files): string => dump(what).replace(/trusted\.glusterfs\.volume-id=.*\n/, '');
    const [a, b, c] = ['a', 'a', 'b'].map((prefix, i) => folder.brick(`pve${i + 1}`, bare(names(prefix))));
    const bricks = [a, b, c].filter((x) => x !== undefined);
    expect(() => inspect({ bricks })).toThrow(
      /pve3\/getfattr\.txt:1: a dump from another volume: none of the ids of its 4 files/,
    );
  });
  test('a dump from another volume than --volume-info', () => {
    using folder = new Folder();
    const volumeInfo = folder.file('info', VOLUME_INFO.replace('6f9a', '0000'));
    expect(() => inspect({ bricks: three(folder, files, files, files), volumeInfo })).toThrow(
      /pve1\/getfattr\.txt:3: a dump from another volume/,
    );
  });
  test('a brick given twice, by name and by folder', () => {
    using folder = new Folder();
    const [a, b] = [folder.brick('pve1', files), folder.brick('pve2', files)];
    expect(() => inspect({ bricks: [a, { ...b, name: 'pve1' }] })).toThrow(/the brick pve1 is given twice/);
    expect(() => inspect({ bricks: [a, { ...a, name: 'pve2' }] })).toThrow(
      /is given twice, as pve1 and as pve2/,
    );
  });
  test('hex of the wrong length', () => {
    using folder = new Folder();
    const bricks = [
      folder.brick('pve1', files),
      folder.brick('pve2', { ...files, '/a': { 'trusted.afr.vmstore-client-0': '0000000100000000' } }),
    ];
    expect(() => inspect({ bricks })).toThrow(
      /pve2\/getfattr\.txt:6: .*trusted\.afr\.vmstore-client-0 has 8 bytes, 12 expected/,
    );
  });
  test('a folder without a dump, a folder that is not there, a later brick nobody knows', () => {
    using folder = new Folder();
    const bricks = [folder.brick('pve1', files), folder.brick('pve2', files)];
    expect(() => inspect({ bricks: [...bricks, { name: 'pve3', where: folder.path }] })).toThrow(
      /pve3: .* has no getfattr\.txt/,
    );
    expect(() => inspect({ bricks: [...bricks, { name: 'pve3', where: '/nowhere' }] })).toThrow(
      /pve3: \/nowhere does not exist/,
    );
    expect(() => inspect({ bricks, later: [{ name: 'pve9', where: bricks[0]?.where ?? '' }] })).toThrow(
      /--later names pve9/,
    );
  });
  test('bricks that the volume does not have', () => {
    using folder = new Folder();
    const bricks = [folder.brick('x', files), folder.brick('y', files)];
    for (const { where } of bricks) writeFileSync(join(where, 'getfattr.txt'), dump(files, '/elsewhere'));
    expect(() => inspect({ bricks, volumeInfo: folder.file('info', VOLUME_INFO) })).toThrow(
      /which brick of the volume is x, y\?/,
    );
  });
  test('too few bricks for the names that are accused', () => {
    using folder = new Folder();
    const bricks = [
      folder.brick('b0', { ...files, '/a': { ...accuse(1), ...accuse(2) } }),
      folder.brick('b1', { ...files, '/a': { ...accuse(0), ...accuse(2, 1) } }),
    ];
    const seen = inspect({ bricks });
    expect(seen.worst).toBe('undecidable');
    expect(seen.bricks).toEqual(['b0', 'b1', 'brick of vmstore-client-2']);
  });
});
