/** The matrix condition × fault and what alerts noticed, as one page of a bundle. Pure. */
import { detectionOf, detectionTable, flipsOf, matrixTable } from '../harness/index.ts';
import type { History } from '../harness/index.ts';

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** A table in Markdown, as the harness makes them, in HTML; `**x**` is strong. */
export function htmlTable(markdown: string): string {
  const rows = markdown
    .split('\n')
    .filter((line) => !/^\|( --- \|)+$/.test(line))
    .map((line) => line.slice(2, -2).split(' | '));
  const cells = (row: readonly string[], tag: 'th' | 'td'): string =>
    row
      .map((cell) => `<${tag}>${escaped(cell).replaceAll(/\*\*(.+?)\*\*/g, '<strong>$1</strong>')}</${tag}>`)
      .join('');
  return `<table>${rows.map((row, at) => `<tr>${cells(row, at === 0 ? 'th' : 'td')}</tr>`).join('\n')}</table>`;
}

/** Undefined when the run had no fault. */
export function faultsHtml(title: string, history: History): string | undefined {
  const rows = flipsOf(history);
  if (rows.length === 0) return undefined;
  const asked = rows.some(({ rulings }) => rulings.length > 0);
  const detection = detectionOf(history);
  const naive = detection.rows.some(({ noticed }) => noticed.some(({ set }) => set === 'naive'));
  return `<!doctype html><meta charset="utf-8"><title>${escaped(title)}</title>
<style>body{font:14px system-ui,sans-serif;margin:2em}table{border-collapse:collapse}td,th{border:1px solid #bbb;padding:2px 6px;text-align:left}</style>
<h1>${escaped(title)}</h1>
${asked ? `<h2>Condition × fault</h2>\n${htmlTable(matrixTable(rows))}\n` : ''}<h2>Fault × alert</h2>
<p>Seconds since the fault; strong: alerts that page. In a lab rules take a thirtieth of their time.</p>
${htmlTable(detectionTable(detection))}
${naive ? `<h2>The same, as public rule sets notice it</h2>\n${htmlTable(detectionTable(detection, { set: 'naive' }))}\n` : ''}`;
}
