/** How many tests ran, as the test runner's own JSON report says. */
import { z } from 'zod';

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  /** Pending and todo: tests that are there but did not run. */
  readonly skipped: number;
  /** File and name of each test that failed, or the file alone when it could not be loaded. */
  readonly failures: readonly string[];
}

const Report = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  numFailedTestSuites: z.int(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

const failuresIn = ({ testResults }: z.infer<typeof Report>): readonly string[] =>
  testResults.flatMap(({ name, status, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (failed.length === 0 && status === 'failed') return [name];
    return failed.map(({ fullName }) => `${name}: ${fullName}`);
  });

/** A report that is missing or unreadable counts as one failure: tests that can't be counted did not pass. */
export function countTests(report: string): TestCounts {
  const parsed = Report.safeParse(jsonOr(report, undefined));
  if (!parsed.success)
    return { passed: 0, failed: 1, skipped: 0, failures: ['the tests: no report was left'] };
  const { numPassedTests, numFailedTests, numFailedTestSuites, numPendingTests, numTodoTests } = parsed.data;
  const failed = numFailedTests === 0 && numFailedTestSuites > 0 ? numFailedTestSuites : numFailedTests;
  const skipped = numPendingTests + numTodoTests;
  return { passed: numPassedTests, failed, skipped, failures: failuresIn(parsed.data) };
}

function jsonOr(text: string, otherwise: undefined): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return otherwise;
  }
}
