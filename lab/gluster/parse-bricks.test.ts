import { describe, expect, it } from 'vitest';
import { indexNames, parseFiles, parseGetfattr, parseIndexes } from './parse-bricks.ts';

const GFID = '15af3701-d845-44e2-875d-16b4e04fb4df';

describe('index listings', () => {
  it('leave base files out and keep gfids', () => {
    expect(
      indexNames(
        `xattrop xattrop-1e083554-b3bf-471a-9845-db69789b791a\nxattrop ${GFID}\ndirty dirty-1e083554-b3bf-471a-9845-db69789b791a\nentry-changes/${GFID} new name\n`,
      ),
    ).toEqual({
      xattrop: [GFID],
      dirty: [],
      entryChanges: [`${GFID}/new name`],
    });
  });

  it('are not understood when there is a name that is no gfid', () => {
    expect(() => indexNames('xattrop lost+found\n')).toThrow(/no gfid/);
    expect(() => indexNames(undefined)).toThrow(/not listed/);
  });

  it('fail brick by brick, and as a whole when the list is cut off', () => {
    const one = (code: number): string =>
      `#N part brick ho1:/b\n\n#N part index\nxattrop ${GFID}\n\n#N part done ${code}\n`;
    const [good] = parseIndexes('N', `${one(0)}#N part all\n`).bricks;
    expect(good).toMatchObject({ brick: 'ho1:/b', names: { seen: true, xattrop: [GFID] } });
    const [bad] = parseIndexes('N', `${one(1)}#N part all\n`).bricks;
    expect(bad?.names).toEqual({ seen: false, because: 'reading ho1:/b ended with 1' });
    expect(() => parseIndexes('N', one(0))).toThrow(/cut off/);
  });
});

describe('getfattr', () => {
  it('is read by path, without 0x, names decoded', () => {
    const found = parseGetfattr(
      '# file: /b/a b\\303\\251\\012c\ntrusted.afr.v-client-1=0x000000010000000000000000\ntrusted.gfid=0xAB\ntrusted.empty\n\n',
    );
    expect(found.get('/b/a bé\nc')).toEqual({
      'trusted.afr.v-client-1': '000000010000000000000000',
      'trusted.gfid': 'ab',
      'trusted.empty': '',
    });
  });

  it('throws on what it does not understand', () => {
    expect(() => parseGetfattr('getfattr: /b/x: No such file or directory\n')).toThrow(/not understood/);
  });
});

it('files carry attributes, sums, and a name as people know it', () => {
  const text =
    '#N part brick ho1:/b\n\n#N part files\nf 5 1.5 2.25 644 0 0 /b/customers/x\0d 9 1 1 755 0 0 /b\0' +
    `f 1 1 1 644 0 0 /b/.glusterfs/15/af/${GFID}\0d 1 1 1 755 0 0 /b/.glusterfs/15/af/${GFID}/.\0` +
    `\n#N part xattrs\n# file: /b/customers/x\ntrusted.gfid=0x01\n\n\n#N part sums\n${'a'.repeat(64)}  /b/customers/x\0` +
    '\n#N part done 0\n\n#N part all\n';
  const [one] = parseFiles('N', text).bricks;
  const files = one?.files.seen === true ? one.files.list : [];
  expect(files.map((file) => [file.path, file.type])).toEqual([
    ['/customers/x', 'file'],
    ['/', 'directory'],
    [`<gfid:${GFID}>`, 'file'],
    [`<gfid:${GFID}>`, 'directory'],
  ]);
  expect(files[0]).toMatchObject({
    size: 5,
    mtimeMs: 1500,
    xattrs: { 'trusted.gfid': '01' },
    sha256: 'a'.repeat(64),
  });
});

it('bytes that were read while somebody wrote are those of no moment', () => {
  const read = (after: string): unknown => {
    const text =
      '#N part brick ho1:/b\n\n#N part files\nf 5 1.5 2.25 644 0 0 /b/x\0\n#N part xattrs\n' +
      `\n#N part sums\n${'a'.repeat(64)}  /b/x\0\n#N part files-after\n${after}\n#N part done 0\n\n#N part all\n`;
    const [one] = parseFiles('N', text).bricks;
    return one?.files.seen === true ? one.files.list[0]?.sha256 : one?.files;
  };
  expect(read('f 5 1.5 2.25 644 0 0 /b/x\0')).toBe('a'.repeat(64));
  expect(read('f 5 1.75 2.5 644 0 0 /b/x\0')).toBeUndefined();
  expect(read('')).toBeUndefined();
});
