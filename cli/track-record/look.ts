/** Looks whether each known outage and bug still shows. */
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { inspectCollected } from '../../lab/index.ts';
import { readJournal } from '../../reports/index.ts';
import type { RunResult } from '../../reports/index.ts';
import { expected, type Known, type Seen } from '../../scenarios/index.ts';
import { driveVitest } from '../replay/drive.ts';
import type { Driven } from '../replay/drive.ts';
import { readResults } from '../replay/results.ts';

/** What one look at one of them brought. */
export type Sight = { readonly known: Known } & (
  | { readonly kind: 'reproduced'; readonly seen: Seen }
  | { readonly kind: 'gone'; readonly because: string }
  | { readonly kind: 'not-played' }
);

export interface Sources {
  /** Folders of replays; the later one counts where both played a story. */
  readonly replays: readonly string[];
  /** Of this project, now. */
  readonly commit: string;
  readonly today: string;
  readonly say: (line: string) => void;
}

const GOLDEN = resolve(import.meta.dirname, '../../harness/afr/golden');
const FIXTURES = ['harness/afr/judge.upstream-basic.test.ts', 'harness/afr/judge.upstream-bugs.test.ts'];

export async function look(known: readonly Known[], sources: Sources): Promise<readonly Sight[]> {
  const results = sources.replays.flatMap((folder) => readResults(folder));
  const driven = known.some((one) => one.by === 'test')
    ? await driveVitest({ project: 'unit', filters: FIXTURES, reporters: [], say: sources.say })
    : undefined;
  return known.map((one): Sight => {
    switch (one.by) {
      case 'story':
        return ofStory(one, results);
      case 'capture':
        return { known: one, ...ofCapture(one, sources) };
      case 'test':
        return { known: one, ...ofTest(one.test, driven?.tests ?? [], sources) };
    }
  });
}

const SAYS = z.object({ versions: z.record(z.string(), z.string()), epochMs: z.number() });

function ofStory(known: Extract<Known, { by: 'story' }>, results: readonly RunResult[]): Sight {
  const result = results.findLast(({ scenario }) => scenario === known.story);
  if (result === undefined) return { known, kind: 'not-played' };
  const kept = known.breaks.filter(
    (name) => result.oracles.find((one) => one.name === name)?.verdict !== 'broken',
  );
  if (kept.length > 0)
    return {
      known,
      kind: 'gone',
      because: `${kept.map((name) => `${name} is ${result.oracles.find((one) => one.name === name)?.verdict ?? 'not asked'}`).join(', ')} in ${result.bundle}`,
    };
  const { versions, epochMs } = SAYS.parse(readJournal(join(result.bundle, 'history.ndjson')).history[0]);
  const { commit = 'unknown', glusterfs = 'of unknown version' } = versions;
  return { known, kind: 'reproduced', seen: { commit, date: dayOf(epochMs), glusterfs } };
}

export const dayOf = (epochMs: number): string => new Date(epochMs).toISOString().slice(0, 10);

type Found = Pick<Extract<Sight, { kind: 'reproduced' }>, 'kind' | 'seen'> | Gone;
type Gone = Pick<Extract<Sight, { kind: 'gone' }>, 'kind' | 'because'>;

/** Judges the bricks again, with both snapshots where two were taken. */
function ofCapture(known: Extract<Known, { by: 'capture' }>, { commit, today }: Sources): Found {
  const versions = readdirSync(GOLDEN).filter((v) => existsSync(join(GOLDEN, v, known.capture)));
  const [version] = versions.toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  if (version === undefined) return { kind: 'gone', because: `there is no capture ${known.capture}` };
  const folder = join(GOLDEN, version, known.capture);
  const bricks = given(join(folder, 'bricks'));
  const later = given(join(folder, 'later'));
  const { worst } = inspectCollected(
    { bricks, volumeInfo: join(folder, 'volume-info.txt'), ...(later.length > 0 ? { later } : {}) },
    () => undefined,
  );
  return worst === known.state
    ? { kind: 'reproduced', seen: { commit, date: today, glusterfs: version } }
    : { kind: 'gone', because: `the capture ${known.capture} is judged ${worst}, not ${expected(known)}` };
}

const given = (folder: string): { name: string; where: string }[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .toSorted((a, b) => a.localeCompare(b, 'en'))
        .map((name) => ({ name, where: join(folder, name) }))
    : [];

function ofTest(name: string, tests: Driven['tests'], { commit, today }: Sources): Found {
  const meant = tests.filter((one) => one.name.includes(name));
  const bad = meant.find(({ state }) => state !== 'passed');
  if (meant.length === 0) return { kind: 'gone', because: `no test is named ${name}` };
  return bad === undefined
    ? { kind: 'reproduced', seen: { commit, date: today, glusterfs: null } }
    : { kind: 'gone', because: `${bad.name}: ${bad.state}` };
}
