/** What a gate can ask the stand-in `gluster`, and the shape of what comes back. */

/** Questions that have a prepared answer. Whatever else is asked, the stand-in answers as gluster answers a wrong word. */
export const TOPICS = [
  'volume-list',
  'volume-info',
  'volume-status',
  'volume-status-detail',
  'volume-status-clients',
  'volume-status-tasks',
  'volume-get',
  'heal-info',
  'heal-summary',
  'heal-split-brain',
  'heal-count',
  'peer-status',
  'pool-list',
] as const;
export type Topic = (typeof TOPICS)[number];

export interface CliQuestion {
  readonly topic: Topic;
  readonly xml: boolean;
  /** Undefined: all volumes at once, or a question that names none. */
  readonly volume: string | undefined;
}

/** How long a command takes, in seconds of the site's time; `forever` ends only with who asked. */
export type Takes = number | 'forever';

export interface CliAnswer {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  readonly takes: Takes;
  /** The command leaves glusterd's lock of the volume taken: what needs that lock fails from then on (measured with a stuck daemon). */
  readonly leavesLocked: boolean;
}

export const said = (stdout: string, takes: Takes = 0): CliAnswer => ({
  stdout,
  stderr: '',
  exitCode: 0,
  takes,
  leavesLocked: false,
});

export const failed = (stdout: string, exitCode: number, stderr = '', takes: Takes = 0): CliAnswer => ({
  stdout,
  stderr,
  exitCode,
  takes,
  leavesLocked: false,
});

/** Topics that walk over bricks by a client of their own (glfsheal). */
export const WALKS: ReadonlySet<Topic> = new Set(['heal-info', 'heal-summary', 'heal-split-brain']);
