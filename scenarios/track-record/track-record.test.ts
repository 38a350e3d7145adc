import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { everyOracle } from '../../harness/index.ts';
import type { Known } from './index.ts';
import {
  KNOWN,
  LAST_SEEN,
  NIGHTLY_STORIES,
  parseLastSeen,
  TRACK_RECORD_README,
  withTrackRecord,
} from './index.ts';
import { trackRecordTable } from './table.ts';

const ROOT = join(import.meta.dirname, '../..');
const files = (folder: string): readonly string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true }).map((entry) =>
    join(entry.parentPath, entry.name),
  );

test('each is known once, and named by something that exists', () => {
  const ids = KNOWN.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const stories = files('scenarios').filter((path) => path.endsWith('.scenario.ts'));
  const tests = files('harness/afr')
    .filter((path) => /judge\.upstream-.*\.test\.ts$/.test(path))
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n');
  const oracles = everyOracle().map(({ name }) => name);
  const exists = (known: Known): boolean => {
    switch (known.by) {
      case 'story':
        return (
          stories.some(
            (path) =>
              path.endsWith(`/${known.story}.scenario.ts`) &&
              // What is not among the five nights is played by nobody unless somebody asks for it.
              path.includes('/nights/') === (known.played === 'every time'),
          ) &&
          known.breaks.length > 0 &&
          known.breaks.every((name) => oracles.includes(name))
        );
      case 'capture':
        return existsSync(join(ROOT, 'harness/afr/golden/10.3', known.capture, 'bricks'));
      case 'test':
        return tests.includes(known.test);
    }
  };
  expect(KNOWN.filter((known) => !exists(known))).toEqual([]);
});

test('the table in the README is what was last seen (else: ./healproof track-record --write)', () => {
  const readme = readFileSync(TRACK_RECORD_README, 'utf8');
  const seen = parseLastSeen(readFileSync(LAST_SEEN, 'utf8'));
  expect(readme).toBe(withTrackRecord(readme, KNOWN, seen));
  const ids = KNOWN.map(({ id }) => id);
  expect(Object.keys(seen).filter((id) => !ids.includes(id))).toEqual([]);
});

test('the nightly run plays what no other run does', () => {
  expect(NIGHTLY_STORIES).toEqual(['on-call-sleeps', 'zombie-master-replica-2', 'paused-routers-replica-2']);
  const workflow = readFileSync(join(ROOT, '.github/workflows/nightly.yml'), 'utf8');
  expect(workflow).toContain('./healproof test --all');
  expect(workflow).toContain('./healproof track-record --write');
});

test('what was never seen says so, and what ran without a GlusterFS too', () => {
  const [first, second] = KNOWN;
  if (first === undefined || second === undefined) throw new Error('nothing is known');
  const table = trackRecordTable([first, second], {
    [second.id]: { commit: 'abc', date: '2026-11-25', glusterfs: null },
  });
  expect(table).toMatch(/\| never \|\n.*\| abc, 2026-11-25, no GlusterFS \|$/);
});

test('a README without a place for the table is refused', () => {
  expect(() => withTrackRecord('# x\n', KNOWN, {})).toThrow(/no place for the track record/);
});
