/** Runs in an Allure report. The only folder that knows Allure; slow to import, so import it only where a report is made. */
export { publishRun } from './publish.ts';
export { makeReport } from './report.ts';
export { allureReporter } from './reporter.ts';
export { publishComparison } from './compare.ts';
