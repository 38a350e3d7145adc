import { expect, test } from 'vitest';
import { INCIDENT_AROUND, siteAccess, siteForTests } from '../../harness/index.ts';
import type { EventBody, History } from '../../harness/index.ts';
import { layoutOf } from './layout.ts';
import { accessHtml, accessOf, accessPicture } from './page.ts';
import { accessSvg } from './picture.ts';

const spec = siteForTests({ layout: 'replica-3' });
const graph = siteAccess(spec, INCIDENT_AROUND);

const historyOf = (more: Partial<Extract<EventBody, { kind: 'run-began' }>> = {}): History => [
  {
    seq: 0,
    atMs: 0,
    kind: 'run-began',
    run: 'r',
    scenario: 's',
    spec,
    epochMs: 0,
    versions: {},
    modelled: [],
    ...more,
  },
];
const accessFor = (history: History) => {
  const access = accessOf(history);
  if (access === undefined) throw new Error('no site');
  return access;
};

test('whatever is needed stands to the right of who needs it, and everything stands somewhere', () => {
  const { columns, edges } = layoutOf(graph);
  const column = new Map(columns.flatMap((names, at) => names.map((name) => [name, at] as const)));
  expect([...column.keys()].toSorted()).toEqual([...graph.keys()].toSorted());
  const backwards = edges.filter(({ from, to }) => (column.get(from) ?? 0) >= (column.get(to) ?? 0));
  expect(backwards).toEqual([]);
});

test('no two boxes lie on each other', () => {
  const svg = accessSvg('x', graph);
  const boxes = [...svg.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="148" height="44"/g)].map(
    ([, x, y]) => [Number(x), Number(y)] as const,
  );
  expect(boxes).toHaveLength(graph.size);
  for (const [at, [x, y]] of boxes.entries())
    for (const [u, v] of boxes.slice(at + 1))
      expect(Math.abs(x - u) >= 148 || Math.abs(y - v) >= 44).toBe(true);
});

test('the state of the incident: what is broken, and what is lost with it', () => {
  const svg = accessPicture(accessFor(historyOf()));
  expect(svg).toContain('<title>disk of router-a: broken</title>');
  expect(svg).toContain('<title>gateway: lost with it</title>');
  expect(svg).toContain('<title>offsite poller: stands</title>');
});

test('the page has every state, and a picture of each in which people miss something', () => {
  const html = accessHtml('t', accessFor(historyOf()));
  expect(html).toContain(
    '<tr><td>every router down</td><td class="NO">NO</td><td class="NO">NO</td><td>yes</td><td class="NO">NO</td></tr>',
  );
  expect(html).toContain('<tr><td>pve1</td><td>yes</td><td>yes</td><td>yes</td><td>yes</td></tr>');
  expect(html).toContain('<details open><summary>every router disk in split-brain</summary>');
  expect(html).toContain('no way in for the operator: somebody must travel');
});

test('with a backup connection nothing is found, and without a poller outside nobody is told', () => {
  const oob = accessHtml('t', accessFor(historyOf({ spec: { ...spec, oob: true } })));
  expect(oob).toContain('Every outage leaves a way to end it.');
  const alone = accessHtml('t', accessFor(historyOf({ offsite: false })));
  expect(alone).toContain('nobody is told');
  expect(alone).not.toContain('offsite poller');
});

test('a history that does not say what the site is has no picture', () => {
  expect(accessOf([])).toBeUndefined();
});
