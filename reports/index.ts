/** The only door to this room, except for Allure: `reports/allure/index.ts` is slow to import and has its own. */
export { aboutOf } from './about.ts';
export { accessSvg } from './access/picture.ts';
export { createBundle, finishBundle, readAbout } from './bundle.ts';
export { compareRuns } from './comparison.ts';
export type { Comparison } from './comparison.ts';
export { openJournal, readJournal } from './journal.ts';
export { progressTeller } from './progress.ts';
export { recheck } from './recheck.ts';
export type { RunResult } from './run-result.ts';
export { tableText } from './terminal.ts';
