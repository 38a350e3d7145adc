import { describe, expect, test } from 'vitest';
import type { Judged } from '../../harness/index.ts';
import { accuse, dirtied, dump, Folder, gfidOf, ROOT, VOLUME_INFO, type Files } from './bricks.fixture.ts';
import { inspect, three } from './inspect.fixture.ts';

const find = (
  ...rows: readonly (readonly [path: string, type: string, size: number, mtime: number])[]
): string =>
  rows.map(([path, type, size, mtime]) => `${ROOT}${path}\t${type}\t644\t${size}\t${mtime}.0\t2\n`).join('');

describe('collected bricks', () => {
  test('healthy: clean, without a word about files', () => {
    using folder = new Folder();
    const files = { '/': {}, '/a': {}, '/dir': {}, '/dir/b': {} };
    const seen = inspect({ bricks: three(folder, files, files, files) });
    expect(seen.worst).toBe('clean');
    expect(seen.files.map((f) => f.verdict.path)).toEqual(['/', '/a', '/dir', '/dir/b']);
    expect(seen.of('/dir').type).toBe('directory');
    expect(seen.order).toEqual([]);
  });

  test('the order of paths in a dump does not matter, nor does .glusterfs', () => {
    using folder = new Folder();
    const forth = { '/': {}, '/.glusterfs': {}, '/.glusterfs/aa/aa/x': {}, '/a': accuse(1, 1), '/b': {} };
    const back = { '/': {}, '/b': {}, '/a': {} };
    const seen = inspect({ bricks: three(folder, forth, back, { '/': {}, '/a': accuse(1, 1), '/b': {} }) });
    expect(seen.of('/a')).toMatchObject({ state: 'healing', sources: ['pve1', 'pve3'], sinks: ['pve2'] });
    expect(seen.states).toMatchObject({ clean: 2, healing: 1 });
  });

  test('rolling reboots without healing: the image says which brick must stay up, block 0 makes it unreadable', () => {
    using folder = new Folder();
    const base = 'aaaaaaaa-0000-0000-0000-00000000000f';
    const image = '/images/101/vm-101-disk-0.raw';
    const raw = {
      'trusted.gfid': base.replaceAll('-', ''),
      'trusted.glusterfs.shard.block-size': '0000000000400000',
      'trusted.glusterfs.shard.file-size': '0000000002000000'.padEnd(64, '0'),
    };
    const shard = (n: number): string => `/.shard/${base}.${n}`;
    const files = (zero: object, one: object): Files => ({
      '/': {},
      [image]: { ...raw, ...zero },
      '/.shard': { 'trusted.gfid': 'be318638e8a04c6d977d7a937aa84806' },
      [shard(1)]: { ...one },
      [shard(2)]: {},
    });
    const bricks = three(
      folder,
      files({ ...accuse(1, 1), ...accuse(2, 1) }, { ...accuse(1, 1), ...accuse(2, 1) }),
      files(accuse(2, 1), accuse(2, 1)),
      files(accuse(1, 1), {}),
    );
    const seen = inspect({ bricks });
    expect(seen.worst).toBe('sole-good-copy');
    expect(seen.images).toHaveLength(1);
    expect(seen.images[0]).toMatchObject({
      path: image,
      files: 3,
      state: 'sole-good-copy',
      states: { 'sole-good-copy': 2, clean: 1 },
      reads: { result: 'newest' },
    });
    expect(seen.images[0]?.ifDown['pve1']).toEqual({ reads: 'ENOTCONN', writes: 'ENOTCONN' });
    expect(seen.images[0]?.affected[0]).toBe(image);
    expect(seen.images[0]?.shape).toEqual({ bytes: 33_554_432, blockBytes: 4_194_304, allocatedBytes: 0 });
    expect(seen.order[0]).toContain('Keep pve1 up');
  });

  test('a name missing on one brick: healing when the parent is accused, a silent divergence when it is not', () => {
    using folder = new Folder();
    const parent = { '/': {}, '/dir': accuse(1, 0, 0, 1), '/dir/new': accuse(1, 1, 1), '/lost': {} };
    const seen = inspect({ bricks: three(folder, parent, { '/': {}, '/dir': {} }, parent) });
    expect(seen.of('/dir/new')).toMatchObject({
      state: 'healing',
      kinds: ['entry'],
      sources: ['pve1', 'pve3'],
      sinks: ['pve2'],
    });
    expect(seen.of('/lost')).toMatchObject({ state: 'silent-divergence', kinds: ['entry'], sinks: ['pve2'] });
  });

  test('a name removed while a brick was away: whoever is chosen, what is lost is the removal, not the file', () => {
    using folder = new Folder();
    const parent = { '/': accuse(1, 0, 0, 1) };
    const gone = inspect({ bricks: three(folder, parent, { '/': {}, '/gone': {} }, parent) }).of('/gone');
    expect(gone).toMatchObject({ state: 'healing', sources: ['pve1', 'pve3'], sinks: ['pve2'] });
    expect(gone.reads.result).toBe('absent');
    expect(gone.ifDown['pve1']?.reads.result).toBe('absent');
    expect(gone.ifSource['pve1']).toMatchObject({ possible: true, loses: 'nothing' });
    expect(gone.ifSource['pve2']).toEqual({
      possible: true,
      loses: 'writes',
      what: 'the removal: the name comes back',
    });
  });

  test('below a directory of which the bricks hold different ones nothing can be reached', () => {
    using folder = new Folder();
    const other = { 'trusted.gfid': 'cccccccc000000000000000000000001' };
    const bricks = [
      folder.brick('pve1', { '/': accuse(1, 0, 0, 1), '/d': {}, '/d/a': {} }),
      folder.brick('pve2', { '/': accuse(0, 0, 0, 1), '/d': other, '/d/b': {} }),
    ];
    const seen = inspect({ bricks });
    expect(seen.of('/d')).toMatchObject({ state: 'split-brain', kinds: ['gfid'] });
    expect(seen.of('/d/a')).toMatchObject({ reads: { result: 'EIO' }, heals: 'not before /d is resolved' });
  });

  test('with the bricks down that removed it, the name is there again', () => {
    using folder = new Folder();
    const bricks = [
      folder.brick('pve1', { '/': accuse(1, 0, 0, 1) }),
      folder.brick('pve2', { '/': {}, '/gone': {} }),
    ];
    expect(inspect({ bricks }).of('/gone').ifDown['pve1']?.reads).toMatchObject({
      result: 'old',
      from: ['pve2'],
    });
  });

  test('a rename that one brick missed is found by the gfid', () => {
    using folder = new Folder();
    const same = { 'trusted.gfid': gfidOf('/old') };
    const seen = inspect({
      bricks: [
        folder.brick('pve1', { '/': {}, '/old': { ...same, ...accuse(1, 1) } }),
        folder.brick('pve2', { '/': accuse(0, 0, 0, 1), '/new': same }),
      ],
    });
    expect(seen.of('/new').because).toContain('data: pve1 holds the only good copy');
    expect(seen.of('/new').notes.join()).toContain('the same file is found as /old');
  });

  test('sums, sizes, times and the index are used where they were collected', () => {
    using folder = new Folder();
    const files = { '/': {}, '/same': {}, '/flipped': {}, '/stale': {} };
    const sums = (flipped: string): string =>
      ['/same', '/flipped', '/stale']
        .map((p) => `${(p === '/flipped' ? flipped : 'a').repeat(64)}  .${p}\n`)
        .join('');
    const id = gfidOf('/stale').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    const index = `xattrop/xattrop-00000000-0000-0000-0000-000000000000\nxattrop/${id}\n`;
    const brick = (name: string, flipped: string): { name: string; where: string } =>
      folder.brick(name, files, {
        'sha256.txt': sums(flipped),
        'indices.txt': index,
        'find.tsv': find(['/same', 'f', 5, 1], ['/flipped', 'f', 5, 1], ['/stale', 'f', 5, 1]),
      });
    const seen = inspect({ bricks: [brick('pve1', 'a'), brick('pve2', 'b'), brick('pve3', 'a')] });
    expect(seen.of('/flipped')).toMatchObject({ state: 'silent-divergence', kinds: ['data'] });
    expect(seen.of('/same')).toMatchObject({ state: 'clean', evidence: ['attributes', 'stat', 'sha256'] });
    expect(seen.of('/stale').notes.join()).toContain('stale index entry (xattrop) on pve1, pve2, pve3');
  });

  test('names that the index says have changed in a directory', () => {
    using folder = new Folder();
    const root = '00000000-0000-0000-0000-000000000001';
    const lines = [
      'entry-changes/entry-changes-aaaaaaaa-0000-0000-0000-000000000001',
      `entry-changes/${root}`,
    ];
    const names = ['made', 'gone'].map((name) => `entry-changes/${root}/${name}`);
    const more = { 'indices.txt': `${[...lines, ...names].join('\n')}\n` };
    const inspected = (top: Record<string, string>) =>
      inspect({ bricks: ['pve1', 'pve2'].map((n, i) => folder.brick(n, { '/': i === 0 ? top : {} }, more)) });
    expect(inspected(accuse(1, 0, 0, 1)).of('/').notes).toContain('changed in it, by the index: gone, made');
    const stale = inspected({}).of('/');
    expect(stale.state).toBe('clean');
    expect(stale.notes.join()).toContain('stale index entries (entry-changes): gone, made');
  });

  test('a second snapshot settles what one cannot', () => {
    using folder = new Folder();
    const files = { '/': {}, '/live': dirtied(1), '/left': dirtied(1) };
    const at = (live: number): Record<string, string> => ({
      'find.tsv': find(['/live', 'f', 5, live], ['/left', 'f', 5, 100]),
    });
    const names = ['pve1', 'pve2', 'pve3'];
    const bricks = names.map((n) => folder.brick(n, files, at(200)));
    expect(inspect({ bricks }).worst).toBe('undecidable');
    using second = new Folder();
    const later = names.map((n) => second.brick(n, files, at(210)));
    const seen = inspect({ bricks, later });
    expect(seen.of('/live').state).toBe('clean');
    expect(seen.of('/left')).toMatchObject({ state: 'persistent-dirty' });
  });

  test('the volume file names the attributes; volume info names bricks, arbiter and rules', () => {
    using folder = new Folder();
    const client = (i: number): string =>
      `volume vmstore-client-${i}\n type protocol/client\n option remote-host pve${i + 1}\n option remote-subvolume ${ROOT}\nend-volume\n`;
    const volfile = `${[0, 1, 2].map(client).join('\n')}\nvolume r\n type cluster/replicate\n option afr-pending-xattr vmstore-client-2,vmstore-client-3,vmstore-client-5\n subvolumes vmstore-client-0 vmstore-client-1 vmstore-client-2\nend-volume\n`;
    const bricks = [
      folder.brick('pve3', { '/': {}, '/a': accuse(3, 1) }),
      folder.brick('pve1', { '/': {}, '/a': accuse(3, 1) }, { 'volfile.txt': volfile }),
      folder.brick('pve2', { '/': {}, '/a': {} }),
    ];
    const seen = inspect({
      bricks,
      volumeInfo: folder.file(
        'info',
        VOLUME_INFO.replace('1 x 3', '1 x (2 + 1)').replace(`pve3:${ROOT}`, `pve3:${ROOT} (arbiter)`),
      ),
    });
    expect(seen.bricks).toEqual(['pve1', 'pve2', 'pve3']);
    expect(seen.of('/a')).toMatchObject({
      state: 'sole-good-copy',
      sources: ['pve1', 'pve3'],
      sinks: ['pve2'],
    });
  });

  test('a brick of the volume that was not collected makes every file undecidable', () => {
    using folder = new Folder();
    const files = { '/': {}, '/a': {} };
    const seen = inspect({
      bricks: [folder.brick('pve1', files), folder.brick('pve3', files)],
      volumeInfo: folder.file('info', VOLUME_INFO),
    });
    expect(seen.worst).toBe('undecidable');
    expect(seen.of('/a').because).toContain(`pve2:${ROOT}: nothing was collected`);
    expect(seen.order[0]).toContain(`Bring back pve2:${ROOT}`);
  });

  test('bare dumps, relative paths, carriage returns and octal escapes', () => {
    using folder = new Folder();
    const text = dump({ '/': {}, '/two\\040words': {} })
      .replaceAll(`# file: /`, '# file: ')
      .replaceAll('\n', '\r\n');
    const bricks = ['b0', 'b1'].map((name) => ({ name, where: folder.file(`${name}.txt`, text) }));
    const seen = inspect({ bricks });
    expect(seen.of('/two words').state).toBe('clean');
  });

  test('what does not fit into memory goes through the disk and comes out the same', () => {
    using folder = new Folder();
    const names = Array.from({ length: 200 }, (_, i) => `/dir/file ${i}\\134\\012`);
    const all = Object.fromEntries(['/', '/dir', ...names].map((n) => [n, {}]));
    const some = { ...all, [names[7] ?? '']: accuse(1, 1) };
    const bricks = three(folder, some, all, some);
    const [memory, disk] = [inspect({ bricks }), inspect({ bricks, bucketBytes: 2000 })];
    expect(disk.states).toMatchObject({ clean: 201, healing: 1 });
    expect(disk.of('/dir/file 7\\\n').state).toBe('healing');
    const byPath = (files: Judged[]): Judged[] =>
      [...files].sort((a, b) => (a.verdict.path < b.verdict.path ? -1 : 1));
    expect(byPath(disk.files)).toEqual(byPath(memory.files));
  });
});
