import { expect, it } from 'vitest';
import { node } from '../harness/index.ts';
import type { Event } from '../harness/index.ts';
import { faultsHtml, htmlTable } from './faults-html.ts';

it('a table keeps its cells, and what a run printed is no HTML', () => {
  expect(htmlTable('| a | b |\n| --- | --- |\n| **x** | <i> |')).toBe(
    '<table><tr><th>a</th><th>b</th></tr>\n<tr><td><strong>x</strong></td><td>&lt;i&gt;</td></tr></table>',
  );
});

const began: Event = { seq: 0, atMs: 1000, kind: 'fault-began', fault: 'brick-killed', target: 'pve3' };
const fired = (name: string, labels: Readonly<Record<string, string>>): Event => ({
  seq: 1,
  atMs: 3000,
  kind: 'rule',
  name,
  state: 'firing',
  by: 'inside',
  activeAtMs: 2000,
  labels,
});

it('a run without faults has no such page; one with a fault has a row for it', () => {
  expect(faultsHtml('t', [])).toBeUndefined();
  const html = faultsHtml('t', [began, fired('BrickDown', { severity: 'page' })]);
  expect(html).toContain('<td>brick-killed pve3</td><td><strong>BrickDown</strong></td>');
  expect(html).not.toContain('Condition × fault');
  expect(html).not.toContain('public rule sets');
});

it('conditions have a table when the gate was asked, and the naive set one when it fired', () => {
  const ruled: Event = {
    seq: 2,
    atMs: 4000,
    kind: 'ruled',
    gate: 'matrix',
    node: node('pve2'),
    of: 0,
    rulings: [{ code: 'A1', kind: 'open', because: [], waived: false }],
  };
  const html = faultsHtml('t', [began, ruled, fired('GlusterBrickStatus', { set: 'naive' })]);
  expect(html).toContain('<h2>Condition × fault</h2>');
  expect(html).toContain('<td>brick-killed</td>');
  expect(html).toContain('<h2>The same, as public rule sets notice it</h2>');
});
