/** The track record as a table of the README, from the known outages and what was last seen of each. Pure. */
import { z } from 'zod';
import type { Known } from './known.ts';

/** When and with what an outage or bug was last reproduced. */
const SEEN = z.object({
  /** Of this project; `+`: files were changed since. */
  commit: z.string(),
  /** `2026-11-25`, UTC. */
  date: z.string(),
  /** `null`: no GlusterFS ran, the rules are those of its sources. */
  glusterfs: z.string().nullable(),
});
export type Seen = Readonly<z.infer<typeof SEEN>>;

export type LastSeen = Readonly<Record<string, Seen>>;
/** @throws for a file that is no such record. */
export const parseLastSeen = (text: string): LastSeen => z.record(z.string(), SEEN).parse(JSON.parse(text));

export function expected(known: Known): string {
  switch (known.by) {
    case 'story':
      return `broken: ${known.breaks.map((name) => `\`${name}\``).join(', ')}`;
    case 'capture':
      return known.state;
    case 'test':
      return 'passes';
  }
}

function shownBy(known: Known): string {
  switch (known.by) {
    case 'story':
      return `story \`${known.story}\`${known.played === 'nightly' ? ' (nightly)' : ''}`;
    case 'capture':
      return `capture \`${known.capture}\``;
    case 'test':
      return 'test of the judge';
  }
}

const seenText = (seen: Seen | undefined): string =>
  seen === undefined
    ? 'never'
    : `${seen.commit}, ${seen.date}, ${seen.glusterfs === null ? 'no GlusterFS' : `GlusterFS ${seen.glusterfs}`}`;

const cell = (text: string): string => text.replaceAll('|', '\\|');

export function trackRecordTable(known: readonly Known[], seen: LastSeen): string {
  const rows = known.map((one) =>
    [one.what, one.from, shownBy(one), expected(one), seenText(seen[one.id])].map(cell).join(' | '),
  );
  return [
    '| known outage or bug | known from | shown by | expected | last seen reproduced |',
    '|---|---|---|---|---|',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n');
}

const BEGIN = '<!-- track record: made by `./healproof track-record --write`, do not edit -->';
const END = '<!-- end of track record -->';

/** @throws when the README has no place for the table. */
export function withTrackRecord(readme: string, known: readonly Known[], seen: LastSeen): string {
  const [begin, end] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (begin < 0 || end < begin)
    throw new Error(`the README has no place for the track record: the lines\n${BEGIN}\n${END}`);
  return `${readme.slice(0, begin)}${BEGIN}\n\n${trackRecordTable(known, seen)}\n\n${readme.slice(end)}`;
}
