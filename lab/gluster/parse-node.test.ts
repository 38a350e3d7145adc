import { describe, expect, it } from 'vitest';
import { parseConfig, parseLogs, parseReach, parseStorage } from './parse-node.ts';

const part = (name: string, text: string): string => `\n#N part ${name}\n${text}`;
const brick = (storage: string, code = 0): string =>
  part('brick pve1:/bricks/v/brick', '') +
  part('storage', storage) +
  part(`done ${code}`, '') +
  part('all', '');
const STORAGE = `mount_dir=/brick
SOURCE="/dev/mapper/vg-brick" TARGET="/bricks/v" FSTYPE="xfs" OPTIONS="rw,relatime"
free=10 total=100 size=4096 inodes=50 ifree=40
# file: /bricks/v/brick
trusted.glusterfs.volume-id=0x68c3e6d73e7145ef8a42faf24e27362e
`;

describe('what a brick lies on', () => {
  it('reads device, mount, room and id', () => {
    const [found] = parseStorage('N', brick(STORAGE)).bricks;
    expect(found?.storage).toEqual({
      seen: true,
      device: '/dev/mapper/vg-brick',
      mountedOn: '/bricks/v',
      insideMount: '/brick',
      fileSystem: 'xfs',
      readOnly: false,
      volumeId: '68c3e6d73e7145ef8a42faf24e27362e',
      freeBytes: 40_960,
      totalBytes: 409_600,
      freeInodes: 40,
      totalInodes: 50,
    });
    const readOnly = parseStorage('N', brick(STORAGE.replace('"rw,', '"ro,'))).bricks[0]?.storage;
    expect(readOnly).toMatchObject({ readOnly: true });
    const none = STORAGE.replace(/# file[\s\S]*/, 'no volume-id\n');
    expect(parseStorage('N', brick(none)).bricks[0]?.storage).toMatchObject({ volumeId: undefined });
  });

  it('a folder that is gone, a file system that did not answer and half an answer are not seen', () => {
    const reading = (text: string, code = 0): unknown =>
      parseStorage('N', brick(text, code)).bricks[0]?.storage;
    expect(reading('missing\n')).toMatchObject({
      seen: false,
      because: expect.stringMatching(/is its file system/),
    });
    expect(reading('', 1)).toMatchObject({ seen: false });
    expect(reading(STORAGE.replace('free=10 ', ''))).toMatchObject({ seen: false });
  });
});

it('glusterd’s own files: every value has to be there', () => {
  const text =
    'checksum=45\nvolume-id=68c3e6d7-3e71-45ef-8a42-faf24e27362e\nop-version=40000\nclient-op-version=30800\noperating=100000\ninstalled=10.3\n';
  expect(parseConfig(text)).toEqual({
    checksum: '45',
    volumeId: '68c3e6d73e7145ef8a42faf24e27362e',
    opVersion: 100_000,
    clientOpVersion: 30_800,
    installed: '10.3',
  });
  for (const name of ['checksum', 'volume-id', 'client-op-version', 'operating', 'installed']) {
    expect(() => parseConfig(text.replace(new RegExp(`^${name}=.*$`, 'm'), ''))).toThrow(name);
  }
});

describe('logs', () => {
  const LINE =
    '[2026-11-25 04:45:14.308322 +0000] W [MSGID: 108001] [afr-common.c:6417:afr_notify] 0-v-replicate-0: Client-quorum is not met\n';
  const logs = (lines: string, kernel = '1'): string =>
    part('log /var/log/glusterfs/glustershd.log', lines) +
    part('kernel-log', `${kernel}\n`) +
    part('kernel', '') +
    part('all', '');

  it('knows the time by its offset; a line without one is not understood', () => {
    const at = (stamp: string): number | undefined =>
      parseLogs('N', logs(LINE.replace('04:45:14.308322 +0000', stamp))).lines[0]?.atMs;
    expect(at('06:45:14.308322 +0200')).toBe(Date.parse('2026-11-25T04:45:14.308Z'));
    expect(() => at('04:45:14.308322')).toThrow(/time or form is not understood/);
  });

  it('reads time, severity and words', () => {
    expect(parseLogs('N', logs(LINE)).lines).toEqual([
      {
        log: '/var/log/glusterfs/glustershd.log',
        atMs: Date.parse('2026-11-25T04:45:14.308Z'),
        text: 'W 0-v-replicate-0: Client-quorum is not met',
      },
    ]);
  });

  it('a journal that keeps nothing of the kernel proves nothing; no log at all is an error', () => {
    expect(parseLogs('N', logs('')).kernel).toEqual({ seen: true, lines: [] });
    expect(parseLogs('N', logs('', '0')).kernel).toMatchObject({ seen: false });
    expect(() => parseLogs('N', part('kernel', '') + part('all', ''))).toThrow(/no log/);
    expect(() => parseLogs('N', logs(LINE).replace('part all', ''))).toThrow(/cut off/);
    expect(() => parseLogs('N', logs('garbage\n'))).toThrow(/not understood/);
  });
});

it('reach: one line an attempt, and nothing that is not understood', () => {
  expect(parseReach('pve3:58859 1 8\nfd00::1:51414 0 3001\n').tried).toEqual([
    { host: 'pve3', port: 58_859, ok: true, tookMs: 8 },
    { host: 'fd00::1', port: 51_414, ok: false, tookMs: 3001 },
  ]);
  expect(() => parseReach('pve3:58859 yes 8')).toThrow(/not understood/);
});
