import { expect, test } from 'vitest';
import type { Finding } from './finding.ts';
import { doctorExitCode, doctorText, graded } from './finding.ts';

const finding = (ok: Finding['ok'], fix = ''): Finding => ({ name: 'fuse', ok, found: 'x', why: 'y', fix });

test('only a failure stops a lab', () => {
  expect(doctorExitCode([])).toBe(0);
  expect(doctorExitCode([finding('ok'), finding('warn')])).toBe(0);
  expect(doctorExitCode([finding('ok'), finding('fail'), finding('warn')])).toBe(3);
});

test('each line says what to do', () => {
  expect(doctorText([finding('fail', 'modprobe fuse')], { colour: false })).toBe(
    'fail  fuse  x  (y)\n      do: modprobe fuse',
  );
});

test('names stand in a column, colour is only there when asked for', () => {
  const two = [finding('ok'), { ...finding('warn'), name: 'network' }];
  expect(doctorText(two, { colour: false })).toBe('ok    fuse     x  (y)\nwarn  network  x  (y)');
  expect(doctorText(two, { colour: true })).toContain('\u001B[33mwarn\u001B[0m  network');
});

test('grades', () => {
  const levels = { good: 6, enough: 2 };
  expect([6, 5.9, 2, 1.9].map((amount) => graded(amount, levels))).toEqual(['ok', 'warn', 'warn', 'fail']);
});
