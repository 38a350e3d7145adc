import { expect, it } from 'vitest';
import type { Event } from '../harness/index.ts';
import { faultsHtml, htmlTable } from './faults-html.ts';

it('a table keeps its cells, and what a run printed is no HTML', () => {
  expect(htmlTable('| a | b |\n| --- | --- |\n| **x** | <i> |')).toBe(
    '<table><tr><th>a</th><th>b</th></tr>\n<tr><td><strong>x</strong></td><td>&lt;i&gt;</td></tr></table>',
  );
});

it('a run without faults has no such page; one with a fault has a row for it', () => {
  expect(faultsHtml('t', [])).toBeUndefined();
  const began: Event = { seq: 0, atMs: 0, kind: 'fault-began', fault: 'brick-killed', target: 'pve3' };
  expect(faultsHtml('t', [began])).toContain('<td>brick-killed</td>');
});
