/** `healproof test`: everything there is to check, with real counts at the end. */
import { join } from 'node:path';
import { runSteps } from '../check/run.ts';
import { STEPS } from '../check/steps.ts';
import { play, print } from '../replay/replay.ts';

const CHECK_LIMIT_MS = 300_000;

/** 0 when nothing failed. A night that ended otherwise than expected, or did not end, is a failed test. */
export async function testCommand({ nights }: { nights: boolean }): Promise<number> {
  let passed = 0;
  let failed = 0;
  const root = join(import.meta.dirname, '../..');
  const steps = await runSteps(STEPS, {
    root,
    limitMs: CHECK_LIMIT_MS,
    told: ({ name, ok, tookMs, summary }) =>
      void process.stdout.write(
        `${ok ? 'ok    ' : 'FAILED'}  ${name.padEnd(7)} ${(tookMs / 1000).toFixed(1).padStart(6)} s  ${summary}\n`,
      ),
  });
  for (const { ok, name, output, tests } of steps) {
    if (!ok) process.stdout.write(`\n---- ${name}\n${output}\n`);
    if (tests !== undefined) {
      passed += tests.passed;
      failed += tests.failed;
      // A test run that fails without a failed test (no test found, a crash) must not count as passed.
      if (!ok && tests.failed === 0) failed += 1;
    } else if (ok) passed += 1;
    else failed += 1;
  }
  if (nights) {
    const played = await play({ stories: [], report: true });
    print(played, false);
    const good = played.results.filter(({ asExpected }) => asExpected).length;
    passed += good;
    failed += Math.max(played.planned, 1) - good;
  }
  process.stdout.write(`\ntests: ${passed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}
