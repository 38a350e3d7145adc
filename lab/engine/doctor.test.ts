import { expect, test } from 'vitest';
import type { Finding } from './doctor.ts';
import { doctorExitCode, doctorText } from './doctor.ts';

const finding = (ok: Finding['ok'], fix = ''): Finding => ({ name: 'fuse', ok, found: 'x', why: 'y', fix });

test('only a failure stops a lab', () => {
  expect(doctorExitCode([finding('ok'), finding('warn')])).toBe(0);
  expect(doctorExitCode([finding('ok'), finding('fail')])).toBe(3);
});

test('each line says what to do', () => {
  expect(doctorText([finding('fail', 'modprobe fuse')], { colour: false })).toBe(
    'fail  fuse  x  (y)\n      do: modprobe fuse',
  );
});
