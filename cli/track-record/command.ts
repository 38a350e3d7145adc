/** `healproof track-record`: does every known outage still show? Where one does not, the lab or an oracle has gone blind. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import {
  KNOWN,
  LAST_SEEN,
  parseLastSeen,
  TRACK_RECORD_README,
  withTrackRecord,
  type LastSeen,
} from '../../scenarios/index.ts';
import { headCommit } from '../commit.ts';
import { dayOf, look, type Sight } from './look.ts';

const OUT = resolve(import.meta.dirname, '../../reports/out');

const EXAMPLES = `
Examples:
  healproof replay && healproof track-record
  healproof track-record --from reports/out/2026-11-25T05-31-07 --write
  healproof track-record --json

Stories are looked up in the results of replays (default: the last one); captures of real bricks are judged again, and
the tests of the judge run. A story that was not played keeps what was last seen of it.

Exit code: 0 everything that was looked at shows, 1 something no longer does, 2 something was never seen.`;

export interface TrackRecordOptions {
  readonly from?: readonly string[];
  readonly write?: boolean;
  readonly json?: boolean;
}

export const trackRecordCommand = (ended: (code: number) => void): Command =>
  new Command('track-record')
    .description('known outages and bugs: does each still show, and when was it last seen?')
    .option('--from <folders...>', 'folders of replays')
    .option('--write', 'write the table of scenarios/README.md')
    .option('--json', 'as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (options: TrackRecordOptions) => ended(await trackRecord(options)));

export async function trackRecord({ from, write, json }: TrackRecordOptions): Promise<number> {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const sights = await lookAtAll(from ?? lastReplay(), (line) => void process.stderr.write(`${line}\n`));
  const before = parseLastSeen(readFileSync(LAST_SEEN, 'utf8'));
  const seen = lastSeen(sights, before);
  if (json === true) say(JSON.stringify({ sights: sights.map(flat), seen }, undefined, 2));
  else for (const line of lines(sights, before)) say(line);
  if (write === true) {
    writeFileSync(LAST_SEEN, `${JSON.stringify(seen, undefined, 2)}\n`);
    writeFileSync(
      TRACK_RECORD_README,
      withTrackRecord(readFileSync(TRACK_RECORD_README, 'utf8'), KNOWN, seen),
    );
  }
  if (sights.some(({ kind }) => kind === 'gone')) return 1;
  return KNOWN.every(({ id }) => seen[id] !== undefined) ? 0 : 2;
}

export const lookAtAll = (
  replays: readonly string[],
  say: (line: string) => void,
): Promise<readonly Sight[]> => look(KNOWN, { replays, commit: headCommit(), today: dayOf(Date.now()), say });

/** Names sort by time. */
function lastReplay(): readonly string[] {
  const played = (existsSync(OUT) ? readdirSync(OUT) : []).filter((name) =>
    existsSync(join(OUT, name, 'results.ndjson')),
  );
  const last = played.toSorted((a, b) => a.localeCompare(b, 'en')).at(-1);
  return last === undefined ? [] : [join(OUT, last)];
}

/** In the order of what is known, so that a new line in the file is a new sight. */
export function lastSeen(sights: readonly Sight[], before: LastSeen): LastSeen {
  return Object.fromEntries(
    sights.flatMap((sight) => {
      const { id } = sight.known;
      const now = sight.kind === 'reproduced' ? sight.seen : before[id];
      return now === undefined ? [] : [[id, now]];
    }),
  );
}

const flat = (sight: Sight): object => {
  const { known, ...rest } = sight;
  return { id: known.id, what: known.what, ...rest };
};

/** One line for each that does not show or was not looked at, and counts. */
export function lines(sights: readonly Sight[], before: LastSeen): readonly string[] {
  const of = (kind: Sight['kind']): number => sights.filter((sight) => sight.kind === kind).length;
  return [
    ...sights.flatMap((sight) => {
      const { id, what } = sight.known;
      if (sight.kind === 'gone')
        return [`GONE  ${id}: ${what}: ${sight.because}; the lab or an oracle has gone blind`];
      if (sight.kind === 'reproduced') return [];
      const last = before[id];
      return [
        `not played  ${id}: ${last === undefined ? 'never seen' : `last seen ${last.date} at ${last.commit}`}`,
      ];
    }),
    `known outages and bugs: ${of('reproduced')} of ${sights.length} show, ${of('gone')} no longer, ${of('not-played')} not played`,
  ];
}
