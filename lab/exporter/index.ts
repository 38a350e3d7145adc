/** Metrics for Prometheus: text, page and file. */
export { localShell } from './local-shell.ts';
export { openPage } from './page.ts';
export type { Listen } from './page.ts';
export { textOf } from './text.ts';
export { writeTextfile } from './textfile.ts';
