/** The door to the stories' ground: the site they are told about. The stories themselves are played by the test runner. */
export { ORACLES, site } from './sites.ts';
export type { Choice } from './sites.ts';
export {
  expected,
  KNOWN,
  LAST_SEEN,
  NIGHTLY_STORIES,
  parseLastSeen,
  TRACK_RECORD_README,
  withTrackRecord,
} from './track-record/index.ts';
export type { Known, LastSeen, Seen } from './track-record/index.ts';
