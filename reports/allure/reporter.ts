/** How vitest is told to leave Allure results. */
import { fileURLToPath } from 'node:url';
import type { AllureVitestReporterConfig } from 'allure-vitest/reporter';

/** An entry for vitest's `reporters`. Results are written when the whole test run ends; a killed run leaves its bundles and no results. */
export function allureReporter(resultsDir: string): [path: string, options: AllureVitestReporterConfig] {
  const path = fileURLToPath(import.meta.resolve('allure-vitest/reporter'));
  // Each `expect` as a step of its own would hide the steps of the procedure.
  return [path, { resultsDir, reportMatchers: false }];
}
