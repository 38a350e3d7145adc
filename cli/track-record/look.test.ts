import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openJournal } from '../../reports/index.ts';
import { site, type Known } from '../../scenarios/index.ts';
import { lastSeen, lines } from './command.ts';
import { look } from './look.ts';

const BEGAN_MS = Date.UTC(2026, 10, 25);
const STORY: Known = {
  id: 'outage',
  what: 'an outage',
  from: 'the incident',
  by: 'story',
  story: 'a-night',
  breaks: ['no-split-brain', 'gate-honest'],
  played: 'every time',
};
const CAPTURE: Known = {
  id: 'circle',
  what: 'a circle',
  from: '#941',
  by: 'capture',
  capture: 'cyclic-blame',
  state: 'cyclic-blame',
};

/** A replay's folder with one run in which these oracles were broken. */
function replayed(broken: readonly string[]): string {
  const out = mkdtempSync(join(tmpdir(), 'healproof-track-'));
  const bundle = join(out, 'a-night-1');
  mkdirSync(bundle);
  using journal = openJournal(join(bundle, 'history.ndjson'), { beganMs: BEGAN_MS });
  journal.record({
    kind: 'run-began',
    run: '1',
    scenario: 'a-night',
    spec: site({ layout: 'replica-2', options: 'defaults' }),
    epochMs: BEGAN_MS,
    versions: { glusterfs: '10.3', commit: 'abc123' },
    modelled: [],
  });
  const oracles = STORY.by === 'story' ? STORY.breaks : [];
  const result = {
    scenario: 'a-night',
    bundle,
    oracles: oracles.map((name) => ({ name, verdict: broken.includes(name) ? 'broken' : 'holds' })),
  };
  writeFileSync(join(out, 'results.ndjson'), `${JSON.stringify(result)}\n`);
  return out;
}
const see = (known: readonly Known[], replays: readonly string[]) =>
  look(known, { replays, commit: 'now', today: '2026-11-26', say: () => undefined });

test('a story that broke what it must break: with the commit, the day and the GlusterFS of that run', async () => {
  const [sight] = await see([STORY], [replayed(['no-split-brain', 'gate-honest'])]);
  expect(sight).toMatchObject({
    kind: 'reproduced',
    seen: { commit: 'abc123', date: '2026-11-25', glusterfs: '10.3' },
  });
});

test('an oracle that no longer breaks has gone blind, and the line says which', async () => {
  const sights = await see([STORY], [replayed(['gate-honest'])]);
  expect(sights).toMatchObject([{ kind: 'gone' }]);
  expect(lines(sights, {})[0]).toMatch(/^GONE {2}outage: .*no-split-brain is holds .*gone blind$/);
});

test('a story that was not played keeps what was last seen of it', async () => {
  const sights = await see([STORY], []);
  const before = { outage: { commit: 'old', date: '2026-01-01', glusterfs: '10.3' } };
  expect(lastSeen(sights, before)).toEqual(before);
  expect(lines(sights, before)).toEqual([
    'not played  outage: last seen 2026-01-01 at old',
    'known outages and bugs: 0 of 1 show, 0 no longer, 1 not played',
  ]);
});

test('a capture is judged anew; one that is judged otherwise is gone', async () => {
  const sights = await see([CAPTURE, { ...CAPTURE, id: 'other', state: 'split-brain' }], []);
  expect(sights).toMatchObject([
    { kind: 'reproduced', seen: { commit: 'now', date: '2026-11-26', glusterfs: '10.3' } },
    { kind: 'gone', because: 'the capture cyclic-blame is judged cyclic-blame, not split-brain' },
  ]);
});
