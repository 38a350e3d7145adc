import { expect, it } from 'vitest';
import type { ExecOutcome } from '../../harness/index.ts';
import { judge } from './customer-files.ts';
import { parseScan } from './disk-scan.ts';

const exited = (exitCode: number, stdout: string, stderr = ''): ExecOutcome => ({
  kind: 'exited',
  exitCode,
  stdout,
  stderr,
  tookMs: 1,
});

it('keeps what was read before an error, and where it stopped', () => {
  const line =
    '{"path":"/x","ranges":[[1,4],[6,6]],"bad":0,"torn":1,"error":{"errno":5,"name":"EIO","message":"","atBytes":4096}}';
  expect(parseScan(exited(1, line))).toEqual({
    seen: true,
    ranges: [
      [1, 4],
      [6, 6],
    ],
    bad: 0,
    torn: 1,
    error: { errno: 'EIO', atBytes: 4096 },
  });
});

it('without a report nothing was seen', () => {
  expect(parseScan(exited(1, '', 'No such file'))).toMatchObject({ seen: false });
  expect(parseScan(exited(124, ''))).toMatchObject({
    seen: false,
    because: 'reading the disk did not end within 45 s',
  });
  expect(parseScan({ kind: 'cut-off', because: 'gone' })).toMatchObject({ seen: false });
});

it('a customer file without a line was not read', () => {
  const text = 'a: OK\nb: FAILED\nc: FAILED open or read\n';
  expect(judge(text, ['a', 'b', 'c', 'd'])).toEqual({
    seen: true,
    intact: 1,
    damaged: ['b'],
    unreadable: ['c', 'd'],
  });
});
