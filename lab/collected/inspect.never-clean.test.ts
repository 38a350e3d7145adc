import { describe, expect, test } from 'vitest';
import { accuse, dump, Folder, gfidOf, ROOT, VOLUME_INFO, type Files } from './bricks.fixture.ts';
import { inspect, three } from './inspect.fixture.ts';

const files: Files = { '/': {}, '/a': {}, '/b': {}, '/c': {} };
const row = (path: string, more = ''): string => `${ROOT}${path}\tf\t644\t4096\t1700000000.0\t2${more}\n`;
const find = (...paths: string[]): string => paths.map((p) => row(p)).join('');

describe('what was not seen is never clean', () => {
  test('getfattr could not read something', () => {
    using folder = new Folder();
    const remark = `getfattr: ${ROOT}/secret: Permission denied\n`;
    const bricks = [
      folder.brick('pve1', files),
      folder.brick('pve2', dump(files).replace('# file:', `${remark}# file:`)),
      folder.brick('pve3', files),
    ];
    const seen = inspect({ bricks });
    expect(seen.worst).toBe('undecidable');
    expect(seen.notes.join()).toContain('pve2/getfattr.txt:1: getfattr:');
    expect(seen.of('/a').state).toBe('clean');
  });
  test('a dump may be cut off: the files are clean, the whole is not', () => {
    using folder = new Folder();
    const cut = folder.brick('pve2', dump(files).slice(0, -1));
    expect(
      inspect({ bricks: [folder.brick('pve1', files), cut, folder.brick('pve3', files)] }),
    ).toMatchObject({ worst: 'undecidable', states: { clean: 4 } });
  });
  test('all dumps end alike without their last line: nobody cut them there', () => {
    using folder = new Folder();
    const bare = dump(files).slice(0, -1);
    const bricks = ['pve1', 'pve2', 'pve3'].map((name) => folder.brick(name, bare));
    expect(inspect({ bricks }).worst).toBe('clean');
  });
  test('a part of the brick: an answer about that part, unless the whole was meant', () => {
    using folder = new Folder();
    const part = dump(files).split('\n\n').slice(1).join('\n\n');
    const bare = ['b1', 'b2'].map((name) => folder.brick(name, part));
    const alone = inspect({ bricks: bare });
    expect(alone.worst).toBe('clean');
    expect(alone.notes.join()).toContain(`nothing outside of ${ROOT} was seen`);
    const more = ['b3', 'b4'].map((name) => folder.brick(name, part, { 'find.tsv': find('/a', '/b', '/c') }));
    expect(inspect({ bricks: more }).worst).toBe('undecidable');
  });
  test('an image of which no shard was seen, though its base file says that they are allocated', () => {
    using folder = new Folder();
    const image = {
      'trusted.glusterfs.shard.block-size': '0000000000400000',
      'trusted.glusterfs.shard.file-size': `0000000000c00000${'0'.repeat(16)}0000000000006000${'0'.repeat(16)}`,
    };
    const with12MiB = { ...files, '/vm.raw': image };
    const seen = inspect({ bricks: three(folder, with12MiB, with12MiB, with12MiB) });
    expect(seen.worst).toBe('undecidable');
    expect(seen.images[0]?.because).toContain('12.0 MiB are allocated');
  });
  test('shards without their base file', () => {
    using folder = new Folder();
    const shards = {
      ...files,
      '/.shard': { 'trusted.gfid': 'be318638e8a04c6d977d7a937aa84806' },
      '/.shard/bbbbbbbb-0000-0000-0000-000000000001.1': {},
    };
    expect(inspect({ bricks: three(folder, shards, shards, shards) }).worst).toBe('undecidable');
  });
  test('a replica set of which nobody gave a brick', () => {
    using folder = new Folder();
    const six = [1, 2, 3, 4, 5, 6].map((n) => `Brick${n}: pve${n}:${ROOT}`).join('\n');
    const volumeInfo = folder.file(
      'info',
      VOLUME_INFO.replace(/Brick1[\s\S]*Brick3.*/, six).replace('1 x 3 = 3', '2 x 3 = 6'),
    );
    const seen = inspect({ bricks: three(folder, files, files, files), volumeInfo });
    expect(seen.worst).toBe('undecidable');
    expect(seen.notes.join()).toContain('1 of 2 replica sets were not given');
  });
  test('an index names a file that no dump has, unless the dumps are known to be whole', () => {
    const stray = { 'indices.txt': 'xattrop/cccccccc-0000-0000-0000-000000000009\n' };
    const judged = (more: Record<string, string>): string => {
      using folder = new Folder();
      const bricks = ['pve1', 'pve2'].map((name) =>
        folder.brick(name, { ...files, '/a': accuse(1) }, { ...stray, ...more }),
      );
      return inspect({ bricks }).worst;
    };
    expect(judged({})).toBe('undecidable');
    expect(judged({ 'collected.txt': 'volume=vmstore\nrecords=4\n' })).toBe('clean');
  });
  test('an index names files, and no dump has a single trusted.afr attribute', () => {
    using folder = new Folder();
    const id = gfidOf('/a').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    const index = { 'indices.txt': `xattrop/${id}\n` };
    const bricks = ['pve1', 'pve2'].map((name) => folder.brick(name, files, index));
    const seen = inspect({ bricks });
    expect(seen.worst).toBe('undecidable');
    expect(seen.notes.join()).toContain('pattern without trusted.afr');
  });
});

describe('what can not be is refused', () => {
  test('find.tsv lists many more paths than the dump has records', () => {
    using folder = new Folder();
    const paths = Array.from({ length: 12 }, (_, n) => `/f${n}`);
    const cut = folder.brick('pve2', { '/': {}, '/f0': {}, '/f1': {} }, { 'find.tsv': find('', ...paths) });
    expect(() => inspect({ bricks: [folder.brick('pve1', files), cut] })).toThrow(
      /pve2\/getfattr\.txt:1: half a dump: 3 records, but .*find\.tsv lists 13 paths/,
    );
  });
  test('two bricks with the very same change times are one', () => {
    using folder = new Folder();
    const list = { 'find.tsv': row('/a', '\t0\t0\t1700000000.123456789') };
    const bricks = ['pve1', 'pve2'].map((name) => folder.brick(name, files, list));
    expect(() => inspect({ bricks })).toThrow(/pve2\/find\.tsv:1: the same brick twice/);
  });
  test('a later set that is the first one, or older', () => {
    using folder = new Folder();
    const at = (seconds: number) => ({ 'collected.txt': `volume=vmstore\nat=${seconds}\n` });
    const bricks = ['pve1', 'pve2'].map((name) => folder.brick(name, files, at(1000)));
    expect(() => inspect({ bricks, later: bricks })).toThrow(/--later pve1: .* is the first snapshot too/);
    const older = ['pve1', 'pve2'].map((name) => ({ ...folder.brick(`${name}-old`, files, at(900)), name }));
    expect(() => inspect({ bricks, later: older })).toThrow(/--later pve1: .* was collected 100 s before/);
  });
  test('more bricks than one replica set, and nothing that tells the sets', () => {
    using folder = new Folder();
    const bricks = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => folder.brick(name, files));
    expect(() => inspect({ bricks })).toThrow(/6 bricks are given, and nothing tells which of them hold/);
  });
});

describe('dumps in other encodings', () => {
  const text = (client: string): string =>
    `# file: /b\ntrusted.gfid="${'\\000'.repeat(15)}\\001"\n\n` +
    `# file: /b/f\ntrusted.afr.v-client-1="${'\\000'.repeat(3)}${client}${'\\000'.repeat(8)}"\ntrusted.gfid="AAAAAAAAAAAAAAA1"\nuser.empty\n\n`;
  test('quoted text, and an attribute without a value', () => {
    using folder = new Folder();
    const bricks = [folder.brick('a', text('\\001')), folder.brick('b', text('\\000'))];
    expect(inspect({ bricks }).of('/f')).toMatchObject({ sources: ['a'], sinks: ['b'] });
  });
});

describe('advice', () => {
  const arbiter = VOLUME_INFO.replace(`pve3:${ROOT}`, `pve3:${ROOT} (arbiter)`).replace(
    '1 x 3',
    '1 x (2 + 1)',
  );
  const listing = (path: string, size: number): Record<string, string> => ({
    'find.tsv': `${ROOT}${path}\tf\t644\t${size}\t1700000000.0\t2\n`,
  });
  test('an arbiter is no good copy, and healing from the data brick costs nothing', () => {
    using folder = new Folder();
    const bricks = [
      folder.brick('pve1', { '/': {}, '/f': {} }, listing('/f', 100)),
      folder.brick('pve2', { '/': {}, '/f': accuse(0, 1) }, listing('/f', 100)),
      folder.brick('pve3', { '/': {}, '/f': accuse(0, 1) }, listing('/f', 0)),
    ];
    const seen = inspect({ bricks, volumeInfo: folder.file('info', arbiter) });
    expect(seen.order[0]).toContain('Keep pve2 up');
    const judged = seen.files.find((f) => f.verdict.path === '/f');
    expect(judged?.choices[0]?.loses).toBe('nothing that was seen');
    expect(judged?.verdict.ifSource['pve1']?.what).not.toContain('shorter');
  });
  test('only the arbiter is unaccused: nothing heals by itself, and no copy is called good', () => {
    using folder = new Folder();
    const bricks = [
      folder.brick('pve1', { '/': {}, '/f': accuse(1, 1) }, listing('/f', 100)),
      folder.brick('pve2', { '/': {}, '/f': accuse(0, 1) }, listing('/f', 100)),
      folder.brick('pve3', { '/': {}, '/f': { ...accuse(0, 1), ...accuse(1, 1) } }, listing('/f', 0)),
    ];
    const seen = inspect({ bricks, volumeInfo: folder.file('info', arbiter) });
    const judged = seen.files.find((f) => f.verdict.path === '/f');
    expect(judged?.choices.map((c) => c.source)).toEqual(['pve1', 'pve2']);
    expect(seen.order.join()).not.toContain('Let heal');
    expect(seen.order.join()).not.toContain('Keep pve3');
    expect(seen.order.join()).toContain('Resolve the conflicts');
  });
  test('commands can be pasted: blanks, quotes and control characters in names', () => {
    using folder = new Folder();
    const split = (client: number): string =>
      dump({ '/': {} }, '/my bricks/b').concat(
        `# file: /my bricks/b/it's\\012two\ntrusted.afr.vmstore-client-${client}=0x00000001${'0'.repeat(16)}\ntrusted.gfid=0x${gfidOf('/x')}\n\n`,
      );
    const bricks = [folder.brick('a', split(1)), folder.brick('b', split(0))];
    const commands = inspect({ bricks }).files.flatMap((f) => f.choices.flatMap((c) => c.commands));
    expect(commands[0]?.command).toBe(
      String.raw`gluster volume heal vmstore split-brain source-brick 'a:/my bricks/b' $'/it\'s\012two'`,
    );
  });
});
