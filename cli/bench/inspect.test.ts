import { expect, test } from 'vitest';
import { over } from './inspect.ts';

const row = { files: 10, ms: 9000, cpuMs: 2001, peakMB: 1025 };

test('what is over its limit is said; time is processor time, not the clock', () => {
  expect(over(row, { files: 10, cpuSeconds: 2, megabytes: 1024 })).toEqual(['over 2 s', 'over 1024 MB']);
  expect(over({ ...row, cpuMs: 2000, peakMB: 1024 }, { files: 10, cpuSeconds: 2, megabytes: 1024 })).toEqual(
    [],
  );
});
