/** Judges the bricks of a running lab or of a real cluster, read over SSH. Reads only. */
import { judgeVolume } from '../../harness/index.ts';
import type { JudgedSnapshot } from '../../harness/index.ts';
import { lookAtBricks, realClock, theVolume, volumesOf } from '../../lab/on-site.ts';
import type { BricksLook, Site } from '../../lab/on-site.ts';
import { spoken } from '../duration.ts';
import { printSnapshot, type Form, type Output } from './print.ts';

export interface LiveOptions extends Form {
  readonly volume?: string;
  /** Compare the bytes too. */
  readonly sums?: boolean;
  readonly healInfo?: boolean;
  /** Time before the second look, milliseconds; 0: one look only. */
  readonly again?: number;
  /** For reading the files of one node, milliseconds. */
  readonly limit?: number;
}

/** A mark of a live writer goes a second after it stops (post-op-delay); a client that was killed leaves it. */
const AGAIN_MS = 10_000;

/** Answers the exit code. @throws with a sentence for the person when there is no volume to look at. */
export async function inspectLive(
  site: Site,
  options: LiveOptions,
  output: Output,
  signal: AbortSignal,
): Promise<number> {
  const shells = site.shells();
  const found = theVolume(await volumesOf(shells, signal), options.volume ?? site.volume);
  if (!found.seen) throw new Error(`which volume: ${found.because}`);
  const { limit } = options;
  const look = () =>
    lookAtBricks(shells, found.name, {
      hash: options.sums === true,
      healInfo: options.healInfo !== false,
      ...(limit === undefined ? {} : { limitSeconds: Math.ceil(limit / 1000) }),
      signal,
    });
  const first = await look();
  let judged = judge(found.name, first);
  const again = options.again ?? AGAIN_MS;
  if (again > 0 && worthALookMore(judged, first)) {
    output.err(
      `${judged.states.undecidable} files can't be told from one look; looking again in ${spoken(again)}\n`,
    );
    await realClock.pause(again, signal);
    if (!signal.aborted) judged = judge(found.name, await look(), first);
  }
  if (signal.aborted) throw new Error('interrupted');
  return printSnapshot(judged, options, output);
}

/** A second look settles what is moving, not what nobody could read. */
const worthALookMore = ({ states }: JudgedSnapshot, look: BricksLook): boolean =>
  states.undecidable > 0 && look.bricks.every((b) => b.seen);

function judge(volume: string, look: BricksLook, earlier?: BricksLook): JudgedSnapshot {
  const { cli } = look;
  return judgeVolume({
    volume,
    sets: look.sets,
    readAtMs: (brick) => look.readAtMs.get(brick),
    ...(earlier === undefined ? {} : { earlier: earlier.bricks }),
    ...(cli?.seen === true ? { healInfo: cli.healInfo } : {}),
    notes: [
      ...look.away.map(({ node, because }) => `${node} was not read: ${because}`),
      ...(cli === undefined || cli.seen ? [] : [`heal info as second witness: ${cli.because}`]),
      ...(look.bricks.some((b) => b.seen && !b.index.seen)
        ? ['an index could not be read, so it was not compared with the accusations']
        : []),
    ],
  });
}
