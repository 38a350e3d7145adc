import { expect, test } from 'vitest';
import { brick, everyOracle, judge } from '../harness/index.ts';
import type { BrickFacts, FileOnBrick, History } from '../harness/index.ts';
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

test('every finding holds the events that prove it, and needs neither a link nor a script to show them', () => {
  const night = incidentNight();
  const html = evidenceHtml(about, verdictFileOf(about, night, judge(everyOracle(), night)), night);
  const findings = html.split('<li>').slice(1);
  expect(findings.length).toBeGreaterThan(3);
  const proof =
    /<details[^>]*><summary>#(\d+) at [\d.]+ s: [\w-]+<\/summary><code>\{.*?\}<\/code><\/details>/;
  expect(findings.filter((one) => !proof.test(one))).toEqual([]);
  const places = [...html.matchAll(/ id="(e\d+)"/g)].map(([, id]) => id);
  expect(new Set(places).size).toBe(places.length);
  expect(html).not.toContain('href=');
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
  const judged = {
    verdict: 'broken',
    judgements: [{ name: 'o', means: '', aspect: 'data', verdict }],
  } as const;
  const html = evidenceHtml(about, verdictFileOf(about, history, judged), history);
  expect(html).toContain('gone &amp; lost');
  expect(html).toContain('<details id="e0"><summary>#0 at 1.5 s: note</summary>');
  expect(html).toContain('#1 (not in this history)');
  expect(html).toContain('and 11 more');
  expect(html).toContain('&lt;i&gt;');
});

test('a finding about a file shows the file on each brick, where it was seen and when', () => {
  const held = (n: number): BrickFacts => ({
    brick: brick(`pve${n}:/b`),
    arbiter: false,
    accusedAs: `trusted.afr.v-client-${n - 1}`,
    ...(n === 3
      ? { seen: false, because: 'no answer' }
      : {
          seen: true,
          atMs: 0,
          files: [copyOf(n === 1 ? 'trusted.afr.v-client-1' : 'trusted.afr.v-client-0')],
          index: { seen: true, xattrop: 1, dirty: 0, entryChanges: 0 },
          indexGfids: { xattrop: [], dirty: [], entryChanges: [] },
        }),
  });
  const copyOf = (accuses: string): FileOnBrick => ({
    path: '/f<1>',
    type: 'file',
    size: 4096,
    mtimeMs: 1_700_000_000_000,
    ctimeMs: 0,
    mode: '644',
    uid: 0,
    gid: 0,
    xattrs: {
      'trusted.gfid': 'ab'.repeat(16),
      [accuses]: `00000001${'0'.repeat(16)}`,
      'trusted.afr.dirty': '0'.repeat(24),
    },
    sha256: 'cd'.repeat(32),
  });
  const snapshot = { label: 'end', bricks: [1, 2, 3].map(held), disks: [] };
  const history = [
    { seq: 0, atMs: 1500, kind: 'observed', snapshot: { ...snapshot, cli: { seen: false, because: 'x' } } },
  ];
  const finding = {
    what: 'split',
    evidence: [0] as const,
    file: '/f<1>',
    brick: brick('pve1:/b'),
    atMs: 1500,
    untilMs: 2500,
  };
  const verdict = { kind: 'broken', because: 'why', findings: [finding] } as const;
  const judged = {
    verdict: 'broken',
    judgements: [{ name: 'o', means: '', aspect: 'data', verdict }],
  } as const;
  const seen = history as unknown as History;
  const html = evidenceHtml(about, verdictFileOf(about, seen, judged), seen);
  expect(html).toContain(
    'file <code>/f&lt;1&gt;</code> · pve1:/b · 1.5 s to 2.5 s · event</small><details id="e0">',
  );
  const cells = [...html.matchAll(/<tr>(<td>.*?)<\/tr>/gs)].map(([, row = '']) =>
    row.replaceAll(/<[^>]*>/g, '|'),
  );
  expect(cells[0]).toContain('|pve1:/b||4096||22:13:20.000||cdcdcdcdcdcd|');
  expect(cells[0]).toMatch(/trusted\.gfid=0x(ab){16}\ntrusted\.afr\.v-client-1=0x00000001/);
  expect(cells[0]).not.toContain('dirty');
  expect(cells[1]).toContain('trusted.afr.v-client-0=0x00000001');
  expect(cells[2]).toContain('not seen: no answer');
  expect(html).toContain('snapshots/end.json');
});
