/** What a hurried or a hostile person gives: volumes that hold no copies, lists of two bricks in one, names that nobody knows. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { accuse, dirtied, dump, Folder, gfidOf, ROOT, VOLUME_ID, VOLUME_INFO } from './bricks.fixture.ts';
import { inspect } from './inspect.fixture.ts';
import type { Files } from './bricks.fixture.ts';
import type { Given } from './inspect.ts';

const FILES: Files = { '/a': {}, '/b': {}, '/c': {}, '/d': {} };
const three = (
  folder: Folder,
  contents: readonly (Files | string)[] = [FILES, FILES, FILES],
  more: Readonly<Record<string, string>> = {},
): Given[] => contents.map((content, i) => folder.brick(`pve${i + 1}`, content, more));

const client = (n: number): string =>
  `volume vmstore-client-${n}\n type protocol/client\n option remote-subvolume ${ROOT}\n option remote-host pve${n + 1}\nend-volume\n`;
/** `accused`: numbers in the names of the bricks, which bricks that were added and removed have moved on. */
const volfile = (accused: readonly number[], options = ''): string =>
  `${accused.map((_, i) => client(i)).join('')}volume vmstore-replicate-0\n type cluster/replicate\n option afr-pending-xattr ${accused.map((n) => `vmstore-client-${n}`).join(',')}\n${options} subvolumes ${accused.map((_, i) => `vmstore-client-${i}`).join(' ')}\nend-volume\n`;

describe('volumes of which no brick holds a copy', () => {
  test('dispersed, as volume info says', () => {
    using folder = new Folder();
    const text = VOLUME_INFO.replace('Replicate', 'Disperse').replace('1 x 3', '1 x (2 + 1)');
    const volumeInfo = folder.file('info.txt', text);
    expect(() => inspect({ bricks: three(folder), volumeInfo })).toThrow(
      /volume vmstore is of type Disperse: each brick holds a fragment/,
    );
  });
  test('another volume of the same output may be of any type', () => {
    using folder = new Folder();
    const other = VOLUME_INFO.replaceAll('vmstore', 'other')
      .replace('6f9a1b2c', '00000000')
      .replace('Replicate', 'Disperse');
    const volumeInfo = folder.file('info.txt', other + VOLUME_INFO);
    expect(inspect({ bricks: three(folder), volumeInfo }).worst).toBe('clean');
  });
  test('dispersed, as the attributes say', () => {
    using folder = new Folder();
    const fragment = { ...FILES, '/a': { 'trusted.ec.size': '0000000000001000' } };
    expect(() => inspect({ bricks: three(folder, [FILES, fragment, FILES]) })).toThrow(
      /pve2\/getfattr\.txt:6: \/a has trusted\.ec\.size: this is a brick of a dispersed volume/,
    );
  });
});

describe('two lists in one', () => {
  test('a dump twice in a file may hide what is pending', () => {
    using folder = new Folder();
    const twice = dump(FILES) + dump({ ...FILES, '/a': accuse(1, 1) });
    expect(() => inspect({ bricks: three(folder, [twice, FILES, FILES]) })).toThrow(
      /pve1\/getfattr\.txt:\d+: \/ is there twice, first in line 1: two lists in one file\?/,
    );
  });
  test('a path twice in find.tsv', () => {
    using folder = new Folder();
    const row = `${ROOT}/a\tf\t644\t5\t1700000000\t2\n`;
    expect(() => inspect({ bricks: three(folder, undefined, { 'find.tsv': row + row }) })).toThrow(
      /pve1\/find\.tsv:2: \/a is there twice, first in line 1/,
    );
  });
});

describe('accusations of somebody whom nobody knows', () => {
  const pending = { ...FILES, '/a': accuse(5, 1) };
  test('names computed from the order are not trusted against the dumps', () => {
    using folder = new Folder();
    const volumeInfo = folder.file('info.txt', VOLUME_INFO);
    expect(() => inspect({ bricks: three(folder, [pending, FILES, FILES]), volumeInfo })).toThrow(
      /pve1\/getfattr\.txt:\d+: trusted\.afr\.vmstore-client-5 is accused, .* put a client volume file/,
    );
  });
  test('the volume file knows the names', () => {
    using folder = new Folder();
    const bricks = three(folder, [pending, FILES, FILES], { 'volfile.txt': volfile([0, 1, 5]) });
    const volumeInfo = folder.file('info.txt', VOLUME_INFO);
    expect(inspect({ bricks, volumeInfo }).of('/a')).toMatchObject({ state: 'healing', sinks: ['pve3'] });
  });
  test('what is left of a brick that was removed is told, and is no finding', () => {
    using folder = new Folder();
    const bricks = three(folder, [pending, FILES, FILES], { 'volfile.txt': volfile([0, 1, 2]) });
    const { worst, notes } = inspect({ bricks });
    expect(worst).toBe('clean');
    expect(notes.join('\n')).toMatch(
      /accusations of vmstore-client-5 .* are left out: the volume has no such brick/,
    );
  });
  test('a volume file of another volume', () => {
    using folder = new Folder();
    const bricks = three(folder, undefined, { 'volfile.txt': volfile([0, 1, 2]).replaceAll('pve', 'other') });
    const volumeInfo = folder.file('info.txt', VOLUME_INFO);
    expect(() => inspect({ bricks, volumeInfo })).toThrow(/are of different volumes, or of different times/);
  });
});

describe('bricks in another order than the volume has them', () => {
  // pve1 missed writes; given from last to first under names that tell nothing.
  const stale = { ...FILES, '/a': accuse(0, 1) };
  const backwards = (folder: Folder): Given[] =>
    [stale, stale, FILES].map((files, i) => folder.brick(`copy${i}`, files));

  test('is found out by a brick that would accuse itself, instead of calling the good copy the stale one', () => {
    using folder = new Folder();
    const says =
      /copy0\/getfattr\.txt:\d+: copy0 would accuse itself .* in another order than 'gluster volume info'/;
    expect(() => inspect({ bricks: backwards(folder) })).toThrow(says);
    using second = new Folder();
    const volumeInfo = second.file('info.txt', VOLUME_INFO);
    expect(() => inspect({ bricks: backwards(second), volumeInfo })).toThrow(says);
  });
  test('does not matter where the names tell', () => {
    using folder = new Folder();
    const bricks = three(folder, [FILES, stale, stale]).toReversed();
    const volumeInfo = folder.file('info.txt', VOLUME_INFO);
    expect(inspect({ bricks, volumeInfo }).of('/a')).toMatchObject({ state: 'healing', sinks: ['pve1'] });
  });
});

test("one brick's dump under two names: a brick that accuses itself makes the whole undecidable", () => {
  using folder = new Folder();
  const stale = { ...FILES, '/a': accuse(1, 1) };
  const volumeInfo = folder.file('info.txt', VOLUME_INFO);
  const { worst, notes } = inspect({ bricks: three(folder, [stale, stale, FILES]), volumeInfo });
  expect(worst).toBe('undecidable');
  expect(notes.join('\n')).toMatch(/pve2 accuses itself .*: is this the dump of another brick\?/);
});

test('folders that are swapped: the wrong node would be kept up', () => {
  using folder = new Folder();
  const volumeInfo = folder.file('info.txt', VOLUME_INFO);
  const of = (name: string, host: string): Given =>
    folder.brick(name, FILES, { 'collected.txt': `brick=${host}:${ROOT}\n` });
  const bricks = [of('pve1', 'pve2'), of('pve2', 'pve1'), of('pve3', 'pve3')];
  expect(() => inspect({ bricks, volumeInfo })).toThrow(
    /pve1: it is given as pve1, and it is of brick pve2:.*: are the folders swapped\?/,
  );
});

describe('without --volume-info', () => {
  const find = (bytes: number): Record<string, string> => ({
    'find.tsv': Object.keys(FILES)
      .map((path) => `${ROOT}${path}\tf\t644\t${bytes}\t1700000000.5\t2\n`)
      .join(''),
  });
  const stale = { ...FILES, '/a': accuse(0, 1) };

  test('the volume file tells the arbiter and the quorum', () => {
    using folder = new Folder();
    const options = ' option arbiter-count 1\n option quorum-type fixed\n option quorum-count 3\n';
    const bricks = [
      folder.brick('pve1', FILES, { ...find(10), 'volfile.txt': volfile([0, 1, 2], options) }),
      folder.brick('pve2', stale, find(10)),
      folder.brick('pve3', stale, find(0)),
    ];
    const { of, worst } = inspect({ bricks });
    expect(worst).toBe('sole-good-copy');
    expect(of('/a').ifSource['pve3']).toMatchObject({ possible: false, loses: 'writes' });
    expect(of('/b').ifDown['pve3']).toMatchObject({ quorum: 'lost' });
  });
  test('what the folders hold is used', () => {
    using folder = new Folder();
    const info = VOLUME_INFO.replace('1 x 3', '1 x (2 + 1)').replace(/(Brick3.*)/, '$1 (arbiter)');
    const bricks = [
      folder.brick('pve1', FILES, { ...find(10), 'volume-info.txt': '' }), // its glusterd did not answer
      folder.brick('pve2', stale, { ...find(10), 'volume-info.txt': info }),
      folder.brick('pve3', stale, find(0)),
    ];
    expect(inspect({ bricks }).of('/a').ifSource['pve3']?.possible).toBe(false);
  });
  test('a thin arbiter in the volume file is no brick with files', () => {
    using folder = new Folder();
    const text = volfile([0, 1, 2]).replaceAll('vmstore-client-2', 'vmstore-ta-2');
    const bricks = [folder.brick('pve1', FILES, { 'volfile.txt': text }), folder.brick('pve2', FILES)];
    const { worst, bricks: names } = inspect({ bricks });
    expect({ worst, names }).toEqual({ worst: 'clean', names: ['pve1', 'pve2'] });
  });
  test('a volume that nothing names', () => {
    using folder = new Folder();
    expect(inspect({ bricks: three(folder) }).notes.join('\n')).toContain('VOLUME stands for it in commands');
  });
});

describe('lists that are there and say nothing', () => {
  test('half of find.tsv and of sha256.txt is told', () => {
    using folder = new Folder();
    const more = {
      'find.tsv': ['/a', '/b'].map((p) => `${ROOT}${p}\tf\t644\t5\t1700000000\t2\n`).join(''),
      'sha256.txt': `${'a'.repeat(64)}  ./a\n`,
    };
    const notes = inspect({ bricks: three(folder, undefined, more) }).notes.join('\n');
    expect(notes).toMatch(/pve1\/find\.tsv lacks 3 paths of the dump/);
    expect(notes).toMatch(/pve3\/sha256\.txt lacks the sums of 1 files or more/);
  });
  test('empty ones too', () => {
    using folder = new Folder();
    const more = { 'find.tsv': '', 'sha256.txt': '' };
    const notes = inspect({ bricks: three(folder, undefined, more) }).notes.join('\n');
    expect(notes).toMatch(/pve1\/find\.tsv lacks 5 paths/);
    expect(notes).toMatch(/pve1\/sha256\.txt lacks the sums/);
  });
});

describe('what is no list at all, with a message that names it', () => {
  test('folders where files should be', () => {
    using folder = new Folder();
    const bricks = three(folder);
    expect(() => inspect({ bricks, volumeInfo: folder.path })).toThrow(/can't be read: it is a folder/);
    rmSync(join(folder.path, 'pve1/getfattr.txt'));
    mkdirSync(join(folder.path, 'pve1/getfattr.txt'));
    expect(() => inspect({ bricks })).toThrow(/pve1\/getfattr\.txt is no file/);
  });
  test('a dump without a single gfid', () => {
    using folder = new Folder();
    const without = dump({ ...FILES, '/a': dirtied() }).replace(/trusted\.gfid=.*\n/g, '');
    expect(() => inspect({ bricks: three(folder, [FILES, without, FILES]) })).toThrow(
      /pve2\/getfattr\.txt:1: none of its \d+ records has a trusted\.gfid/,
    );
  });
  test('a second snapshot of another volume', () => {
    using folder = new Folder();
    const bricks = three(folder);
    const strange = dump(FILES).replace(VOLUME_ID, '0'.repeat(32));
    const later = ['pve1', 'pve2', 'pve3'].map((name) => ({
      name,
      where: folder.brick(`later-${name}`, name === 'pve2' ? strange : FILES).where,
    }));
    expect(() => inspect({ bricks, later })).toThrow(
      /later-pve2\/getfattr\.txt:3: a dump from another volume/,
    );
  });
});

describe('commands', () => {
  const commandsOf = (inspected: ReturnType<typeof inspect>, path: string): readonly string[] =>
    inspected.files
      .filter((f) => f.verdict.path === path)
      .flatMap(({ choices }) => choices.flatMap((c) => c.commands.map(({ command }) => command)));

  test('what no index names is healed by a lookup and a full crawl', () => {
    using folder = new Folder();
    const missing = inspect({ bricks: three(folder, [FILES, { '/a': {}, '/b': {}, '/c': {} }, FILES]) });
    expect(commandsOf(missing, '/d')).toEqual([
      "stat 'MOUNT/d' # a lookup, so that the heal is noticed",
      'gluster volume heal VOLUME full',
    ]);
    const stale = { ...FILES, '/a': accuse(1, 1) };
    const empty = { 'indices.txt': 'xattrop/xattrop-aaaaaaaa-0000-0000-0000-000000000001\n' };
    using second = new Folder();
    expect(commandsOf(inspect({ bricks: three(second, [stale, FILES, stale], empty) }), '/a')).toContain(
      'gluster volume heal vmstore full',
    );
  });
  test('a type conflict: the others are moved away, each with its own link', () => {
    using folder = new Folder();
    const file = { 'find.tsv': `${ROOT}/a\tf\t644\t5\t1700000000\t2\n` };
    const directory = { 'find.tsv': `${ROOT}/a\td\t755\t5\t1700000000\t2\n` };
    const other = { ...FILES, '/a': { 'trusted.gfid': 'bbccbbbb000000000000000000000001' } };
    const bricks = [folder.brick('pve1', FILES, file), folder.brick('pve2', other, directory)];
    expect(commandsOf(inspect({ bricks }), '/a')[0]).toBe(
      `mkdir -p ~/healproof-kept && mv -T -- '${ROOT}/a' ~/healproof-kept/'a.bbccbbbb-0000-0000-0000-000000000001' && rm -- '${ROOT}/.glusterfs/bb/cc/bbccbbbb-0000-0000-0000-000000000001'`,
    );
  });
});

test('names are bytes: what is no UTF-8 is kept apart, and written as the shell takes it', () => {
  using folder = new Folder();
  const split = (other: number): Files => ({
    ...FILES,
    '/caf\u00e9': accuse(other, 1), // Latin-1, one byte
    '/caf\u00c3\u00a9': {}, // the same in UTF-8, two bytes
  });
  const bricks = [folder.brick('pve1', split(1)), folder.brick('pve2', split(0))];
  for (const bucketBytes of [4_000_000, 100]) {
    const { files } = inspect({ bricks, bucketBytes });
    const paths = files.map((f) => f.verdict.path).filter((path) => path.startsWith('/caf'));
    expect(paths.toSorted()).toEqual(['/caf\u00e9', '/caf\udce9']);
    const [choice] = files.find((f) => f.verdict.path === '/caf\udce9')?.choices ?? [];
    expect(choice?.commands[0]?.command).toContain("$'/caf\\351'");
  }
});

describe('pointers of a distributed volume', () => {
  const pointer = { 'trusted.glusterfs.dht.linkto': Buffer.from('vmstore-replicate-1\0').toString('hex') };
  test('are no files', () => {
    using folder = new Folder();
    const has = { ...FILES, '/p': pointer };
    const { files } = inspect({ bricks: three(folder, [has, has, has]) });
    expect(files.map((f) => f.verdict.path)).toEqual(['/', '/a', '/b', '/c', '/d']);
  });
  test('but one that is missing on a brick is told, as what it is', () => {
    using folder = new Folder();
    const has = { '/': accuse(2, 0, 0, 1), ...FILES, '/p': { ...pointer, 'trusted.gfid': gfidOf('/p') } };
    const { of } = inspect({ bricks: three(folder, [has, has, FILES]) });
    expect(of('/p')).toMatchObject({ state: 'healing', sinks: ['pve3'] });
    expect(of('/p').notes.join()).toContain('only a pointer');
  });
});
