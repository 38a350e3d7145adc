import { describe, expect, test } from 'vitest';
import { decodeAttributes, DumpReader, unescaped, type DumpRecord } from './getfattr.ts';
import { parseFindLine, parseIndexLine, parseSumLine } from './tables.ts';

const GFID = 'trusted.gfid=0xaaaaaaaa000000000000000000000001';

function read(lines: readonly string[], terminated = true): DumpRecord[] {
  const reader = new DumpReader('pve1/getfattr.txt');
  const records = lines.flatMap((l) => reader.push(l) ?? []);
  const last = reader.end(terminated);
  return last === undefined ? records : [...records, last];
}
const decode = (...attributes: string[]): Record<string, string> =>
  decodeAttributes({ path: '/f', line: 10, attributes }, 'pve1/getfattr.txt');

describe('a dump as getfattr prints it', () => {
  test('records end with an empty line; carriage returns are dropped', () => {
    const records = read(['# file: /brick/a', GFID, '', '# file: /brick/b\r', `${GFID}\r`, '\r']);
    expect(records.map((r) => [r.path, r.line, r.attributes])).toEqual([
      ['/brick/a', 1, [GFID]],
      ['/brick/b', 4, [GFID]],
    ]);
  });
  test('octal escapes in paths are undone, as bytes of UTF-8', () => {
    expect(read(['# file: /brick/two\\040words\\012\\134', GFID, ''])[0]?.path).toBe('/brick/two words\n\\');
    expect(unescaped('M\\303\\274ller')).toBe('Müller');
    expect(unescaped('M\u00c3\u00bcller')).toBe('Müller');
    expect(unescaped('latin\\374')).toBe('latin\udcfc');
  });
  test('without --absolute-names the first slash is missing', () => {
    expect(read(['# file: brick/a', GFID, ''])[0]?.path).toBe('/brick/a');
  });
  test("getfattr's own remarks in the file are passed over", () => {
    expect(
      read(["getfattr: Removing leading '/' from absolute path names", '# file: brick/a', GFID, '']),
    ).toHaveLength(1);
  });
});

describe('a dump that cannot be trusted names file and line', () => {
  test('cut within a line', () =>
    expect(() => read(['# file: /brick/a', 'trusted.gfid=0xaaaa'], false)).toThrow(
      /pve1\/getfattr\.txt:2: half a dump: .*\/brick\/a/,
    ));
  test('cut before the gfid', () =>
    expect(() => read(['# file: /brick/a', 'trusted.afr.dirty=0x000000000000000000000000'])).toThrow(
      /:2: half a dump/,
    ));
  test('only the last empty line is missing: noted, not refused', () => {
    const reader = new DumpReader('x');
    for (const line of ['# file: /brick/a', GFID]) reader.push(line);
    expect(reader.end(true)?.path).toBe('/brick/a');
    expect(reader.endsOpen).toBe(true);
  });
  test('empty', () => expect(() => read([])).toThrow(/pve1\/getfattr\.txt:1: an empty dump/));
  test('something else', () => expect(() => read(['total 12'])).toThrow(/:1: 'total 12' belongs to no file/));
  test.each([
    [
      'trusted.afr.v-client-0=0x0000000100000000',
      /pve1\/getfattr\.txt:11: \/f: trusted\.afr\.v-client-0 has 8 bytes, 12 expected/,
    ],
    ['trusted.gfid=0xaaaa', /trusted\.gfid has 2 bytes, 16 expected/],
    ['trusted.glusterfs.shard.block-size=0x00', /block-size has 1 bytes, 8 expected/],
    ['trusted.gfid=0xaaaaaaaa00000000000000000000000', /not whole bytes of hex/],
    ['trusted.gfid=0xaaaaaaaa0000000000000000000000zz', /not whole bytes of hex/],
    ['trusted.gfid', /trusted\.gfid has 0 bytes, 16 expected/],
    ['gfid', /is no attribute/],
    ['trusted.gfid=12', /neither hex/],
  ])('%s', (attribute, message) => expect(() => decode(attribute)).toThrow(message));
  test('an attribute twice', () => expect(() => decode(GFID, GFID)).toThrow(/:12: .*given twice/));
});

describe('encodings', () => {
  test('hex, base64 and text', () => {
    expect(decode('user.a=0x414243', 'user.b=0sQUJD', 'user.c="A\\102C"', 'user.d="q\\"\\\\"')).toEqual({
      'user.a': '414243',
      'user.b': '414243',
      'user.c': '414243',
      'user.d': '71225c',
    });
  });
  test('a changelog in base64', () => {
    expect(decode('trusted.afr.v-client-0=0sAAAAAQAAAAAAAAAA')).toEqual({
      'trusted.afr.v-client-0': '000000010000000000000000',
    });
  });
});

describe('find.tsv', () => {
  const line = (...columns: string[]): ReturnType<typeof parseFindLine> =>
    parseFindLine(columns.join('\t'), 'find.tsv', 7);
  test('six columns, then what was collected more', () => {
    expect(line('/b/a', 'f', '644', '4096', '1700000000.5000000000', '2')).toEqual({
      path: '/b/a',
      relative: false,
      stat: { type: 'file', size: 4096, mode: '644', mtimeMs: 1_700_000_000_500 },
    });
    expect(line('./a', 'd', '0755', '6', '1700000000', '3', '0', '33', '1700000001.25')?.stat).toEqual({
      type: 'directory',
      size: 6,
      mode: '755',
      mtimeMs: 1_700_000_000_000,
      uid: 0,
      gid: 33,
      ctimeMs: 1_700_000_001_250,
    });
  });
  test('dates as stat prints them', () => {
    expect(line('/a', 'regular file', '644', '1', '2023-11-14 22:13:20.500 +0000', '2')?.stat.mtimeMs).toBe(
      1_700_000_000_500,
    );
    expect(line('/a', 'l', '777', '1', '2024-02-29T23:30:00-01:30', '1')?.stat).toMatchObject({
      type: 'symlink',
      mtimeMs: Date.parse('2024-02-29T23:30:00-01:30'),
    });
  });
  test.each([
    [['/a', 'f'], /find\.tsv:7: expected path, type, mode/],
    [['/a', 'f', '644', 'big', '1', '2'], /size 'big'/],
    [['/a', 'f', 'rw-r', '1', '1', '2'], /mode 'rw-r'/],
    [['/a', 'f', '644', '1', 'today', '2'], /mtime 'today'/],
  ])('%j is refused', (columns, message) => expect(() => line(...columns)).toThrow(message));
  test('a heading and empty lines are passed over', () => {
    expect(parseFindLine('path\ttype\tmode\tsize\tmtime\tnlink', 'find.tsv', 1)).toBeUndefined();
    expect(parseFindLine('', 'find.tsv', 3)).toBeUndefined();
  });
});

describe('sha256.txt and indices.txt', () => {
  const sum = 'ab'.repeat(32);
  test('as sha256sum prints them', () => {
    expect(parseSumLine(`${sum}  ./a b`, 's', 1)).toEqual({ path: '/a b', relative: true, sha256: sum });
    expect(parseSumLine(`${sum.toUpperCase()} */a`, 's', 1)).toEqual({
      path: '/a',
      relative: false,
      sha256: sum,
    });
    expect(parseSumLine(`\\${sum}  /a\\nb`, 's', 1)?.path).toBe('/a\nb');
    expect(() => parseSumLine('deadbeef  /a', 's', 4)).toThrow(/s:4: expected a sha256 sum/);
  });
  test('base links are no entries', () => {
    const id = 'aaaaaaaa-0000-0000-0000-000000000001';
    expect(parseIndexLine(`xattrop/${id}\textra`, 'i', 1)).toEqual({ index: 'xattrop', gfid: id });
    expect(parseIndexLine(`xattrop/xattrop-${id}`, 'i', 1)).toBeUndefined();
    expect(parseIndexLine(`dirty/dirty-${id}`, 'i', 1)).toBeUndefined();
    expect(parseIndexLine(`entry-changes/${id}`, 'i', 1)).toBeUndefined();
    expect(parseIndexLine(`entry-changes/${id}/a b`, 'i', 1)).toEqual({
      index: 'entry-changes',
      directory: id,
      name: 'a b',
    });
    expect(() => parseIndexLine('xattrop/zzz', 'i', 9)).toThrow(/i:9: 'zzz' is no gfid/);
    expect(() => parseIndexLine('landfill/x', 'i', 9)).toThrow(/i:9: expected xattrop/);
  });
});
