/** How vitest is told to leave Allure results. */
import { fileURLToPath } from 'node:url';
import type { AllureVitestReporterConfig } from 'allure-vitest/reporter';

/** An entry for vitest's `reporters`. The result of a test is written when it ends, so a killed run leaves those of the tests before. `environment` is shown beside the results: versions, machine. */
export function allureReporter(
  resultsDir: string,
  environment: Readonly<Record<string, string>> = {},
): [path: string, options: AllureVitestReporterConfig] {
  const path = fileURLToPath(new URL('./incremental.ts', import.meta.url));
  const environmentInfo = { node: process.version, platform: process.platform, ...environment };
  // Each `expect` as a step of its own would hide the steps of the procedure.
  return [path, { resultsDir, reportMatchers: false, environmentInfo }];
}
