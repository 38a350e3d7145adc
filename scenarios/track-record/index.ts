/** Known outages and bugs, and when each was last seen reproduced. */
import { join } from 'node:path';

export { KNOWN, NIGHTLY_STORIES } from './known.ts';
export type { Known } from './known.ts';
export { expected, parseLastSeen, trackRecordTable, withTrackRecord } from './table.ts';
export type { LastSeen, Seen } from './table.ts';

/** Rewritten by `healproof track-record --write` only. */
export const LAST_SEEN = join(import.meta.dirname, 'last-seen.json');
export const TRACK_RECORD_README = join(import.meta.dirname, '../README.md');
