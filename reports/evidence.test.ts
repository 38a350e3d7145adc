import { expect, test } from 'vitest';
import { everyOracle, judge } from '../harness/index.ts';
import type { History } from '../harness/index.ts';
import type { About } from './about.ts';
import { evidenceHtml } from './evidence.ts';
import { verdictFileOf } from './run-result.ts';
import { incidentNight } from './testing/nights.ts';
import { siteOf } from './testing/world.ts';

const about: About = {
  schema: 1,
  id: 'run-1',
  scenario: 'night-1',
  title: 'A <b>night</b>',
  why: '',
  procedure: 'fixed-delay',
  volume: 'replica 2, defaults',
  expected: { verdict: 'broken', broken: [] },
  site: siteOf('replica-2'),
};

test('every link leads to an event that is quoted', () => {
  const night = incidentNight();
  const html = evidenceHtml(about, verdictFileOf(about, night, judge(everyOracle(), night)), night);
  const links = [...html.matchAll(/href="#(e\d+)"/g)].map(([, id]) => id);
  expect(links.length).toBeGreaterThan(3);
  expect(links.filter((id) => !html.includes(`<dt id="${id}">`))).toEqual([]);
  expect(html).not.toContain('<b>night</b>');
  expect(html).not.toMatch(/https?:|<script/);
});

test('a finding with many events quotes the first, and an event that is missing is said', () => {
  const history: History = [{ seq: 0, atMs: 1500, kind: 'note', text: '<i>' }];
  const first = {
    what: 'gone & lost',
    evidence: [0, ...Array.from({ length: 30 }, (_, i) => i + 1)] as [number],
  };
  const verdict = { kind: 'broken', because: 'why', findings: [first] } as const;
  const judged = { verdict: 'broken', judgements: [{ name: 'o', aspect: 'data', verdict }] } as const;
  const html = evidenceHtml(about, verdictFileOf(about, history, judged), history);
  expect(html).toContain('gone &amp; lost');
  expect(html).toContain('<a href="#e0">#0</a> at 1.5 s');
  expect(html).toContain('#1 (not in this history)');
  expect(html).toContain('and 11 more');
  expect(html).toContain('&lt;i&gt;');
});
