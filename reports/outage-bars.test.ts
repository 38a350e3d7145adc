import { XMLValidator } from 'fast-xml-parser';
import { expect, test } from 'vitest';
import { at } from '../harness/index.ts';
import { outageBarsSvg, outageBarsText } from './outage-bars.ts';
import { outageRow } from './outage-rows.ts';
import type { OutageRow } from './outage-rows.ts';
import { gatedNight, incidentNight, replica3Night } from './testing/nights.ts';

const incident = outageRow('the incident: one phone', incidentNight());
const gated = outageRow('the night with the gate', gatedNight());

test('the incident is made of what its time went by, without gaps', () => {
  const { outage } = incident;
  expect(outage?.parts.map(({ kind }) => kind)).toEqual([
    'unnoticed',
    'unread',
    'held-up',
    'travels',
    'repairs',
  ]);
  expect(outage?.parts.map(({ to }) => Math.round(to)).slice(1, 4)).toEqual([
    at(7, 10, 1),
    at(11, 20, 1),
    at(12, 0, 1),
  ]);
  const parts = outage?.parts ?? [];
  expect(parts[0]?.from).toBe(outage?.from);
  for (const [i, { from }] of parts.slice(1).entries()) expect(from).toBe(parts[i]?.to);
  expect(parts.at(-1)?.to).toBe(outage?.to);
  expect(outage?.says).toBe('operator acknowledges at 07:10, acts at 12:00');
});

test('where nobody was asked, the outage is one part', () => {
  expect(outageRow('x', replica3Night()).outage?.parts).toMatchObject([{ kind: 'unasked' }]);
});

test('longest first, whatever the order of the runs', () => {
  expect(outageBarsText('All', [gated, incident], 80)).toBe(
    [
      'All',
      `  the incident             ${'█'.repeat(33)} 12 h 09 m`,
      '  the night with the gate  no outage',
      '',
    ].join('\n'),
  );
});

test('a run that was aborted is never one without an outage', () => {
  const begun = gatedNight().slice(0, 40);
  const history = [
    ...begun,
    { kind: 'aborted', because: 'the lab did not come to stand', seq: begun.length, atMs: 9000 } as const,
  ];
  const row = outageRow('the night with the gate', history);
  expect(outageBarsText('All', [row], 80)).toContain('unknown: the run was aborted');
  expect(outageBarsSvg('All', [row])).toContain('unknown: the run was aborted');
  expect(outageBarsSvg('All', [row])).not.toContain('no outage');
});

const rowOf = (title: string, from: number, to: number): OutageRow => ({
  title,
  aborted: false,
  outage: { from, to, unended: true, parts: [{ kind: 'unread', from, to }], says: 'nobody '.repeat(60) },
});

test.each([
  ['as it is', [incident, gated]],
  ['hostile', [rowOf(`</svg><b>${'long '.repeat(60)}: ${'words '.repeat(90)}`, at(23), at(23, 0, 2))]],
  ['a moment', [rowOf('a', at(1), at(1) + 0.2)]],
  ['nothing to compare', []],
])('the picture is whole: %s', (_, rows) => {
  const svg = outageBarsSvg(`One & only ${'title '.repeat(60)}`, rows);
  expect(XMLValidator.validate(svg)).toBe(true);
  expect(svg).not.toMatch(/NaN|Infinity|undefined|<b>/);
  for (const [, x] of svg.matchAll(/ x="([-\d.]+)"/g)) {
    expect(Number(x)).toBeGreaterThanOrEqual(0);
    expect(Number(x)).toBeLessThanOrEqual(1200);
  }
});

test('an outage that nobody saw end is longer than that', () => {
  expect(outageBarsSvg('t', [rowOf('a', at(1), at(8))])).toContain('at least 7 h 00 m');
});
