/** Every brick of a volume as it is now, for `healproof inspect`: the same reading as at the end of a run, with each node's own clock. */
import type {
  BrickFacts,
  BrickId,
  FavoriteChild,
  HealInfoBrick,
  NodeName,
  ReplicaSet,
  Seen,
  SeenSet,
  Shell,
} from '../../harness/index.ts';
import { effectiveQuorum } from '../../harness/index.ts';
import { ask, checkVolume } from './ask.ts';
import type { Asked } from './ask.ts';
import { brickFacts } from './bricks.ts';
import type { Command } from './commands.ts';
import { FILES, FILES_WITH_SUMS, IDENTITY, INDEX, LAYOUT } from './commands.ts';
import { healInfo, readingsOf } from './observe-volume.ts';
import { parseIdentity } from './parse-mounts.ts';
import { favoriteChildOf, parseVolfile } from './parse-volfile.ts';
import { read } from './seen.ts';

export interface LookOptions {
  /** Read every file's content too. */
  readonly hash: boolean;
  /** Ask `heal info` too, after the bricks were read: it removes index entries that it finds stale. */
  readonly healInfo: boolean;
  /** For reading the files of one node. */
  readonly limitSeconds?: number;
  readonly signal?: AbortSignal;
}

export interface BricksLook {
  readonly sets: readonly SeenSet[];
  readonly bricks: readonly BrickFacts[];
  /** When reading a brick began, by its node's clock, epoch milliseconds. */
  readonly readAtMs: ReadonlyMap<BrickId, number>;
  readonly cli: Seen<{ readonly from: NodeName; readonly healInfo: readonly HealInfoBrick[] }> | undefined;
  /** Nodes that did not answer, each with the reason. */
  readonly away: readonly { readonly node: NodeName; readonly because: string }[];
}

/** Never throws for what the site does. @throws when no node that answered could tell which bricks the volume has. */
export async function lookAtBricks(
  shells: readonly Shell[],
  volume: string,
  options: LookOptions,
): Promise<BricksLook> {
  checkVolume(volume);
  const files = filesCommand(options);
  const atMs = Date.now();
  // The index before anything else: heal info removes entries that it finds stale.
  const asked = await Promise.all(
    shells.map((shell) => ask(shell, [IDENTITY, LAYOUT, INDEX, files], { V: volume }, options.signal)),
  );
  const { sets, favoriteChild } = layoutOf(volume, shells, asked);
  const away = shells.flatMap((shell, i) =>
    asked[i]?.reached === true ? [] : [{ node: shell.node, because: whyAway(asked[i]) }],
  );
  const readings = asked.map((one) => readingsOf(one, files));
  const nodesAway = away.map((one) => one.node);
  const bricks = brickFacts(sets, readings.flat(), atMs, nodesAway);
  const cli = options.healInfo ? await healInfo(shells, asked, { volume, ...signalOf(options) }) : undefined;
  return {
    sets: sets.map((set) => seenSet(set, bricks, favoriteChild)),
    bricks,
    readAtMs: new Map(
      asked.flatMap((one, i) => {
        const identity = read(one.text(IDENTITY), parseIdentity);
        return identity.seen
          ? (readings[i] ?? []).map(({ brick }) => [brick, identity.epochMs] as const)
          : [];
      }),
    ),
    cli,
    away,
  };
}

const filesCommand = ({ hash, limitSeconds }: LookOptions): Command => {
  const command = hash ? FILES_WITH_SUMS : FILES;
  return limitSeconds === undefined ? command : { ...command, limitSeconds };
};

const signalOf = ({ signal }: LookOptions): { signal?: AbortSignal } =>
  signal === undefined ? {} : { signal };

function whyAway(one: Asked | undefined): string {
  const identity = one?.text(IDENTITY);
  return identity === undefined || identity.seen ? 'no answer' : identity.because;
}

interface Layout {
  readonly sets: readonly ReplicaSet[];
  readonly favoriteChild: FavoriteChild;
}

/** As the first node has it that knows the volume. */
function layoutOf(volume: string, shells: readonly Shell[], asked: readonly Asked[]): Layout {
  const reasons: string[] = [];
  for (const [i, one] of asked.entries()) {
    const found = read(one.text(LAYOUT), (text) => ({
      ...parseVolfile(text),
      favoriteChild: favoriteChildOf(text),
    }));
    if (found.seen && found.sets.length > 0) return { ...found, sets: found.sets.map(withoutThinArbiter) };
    reasons.push(
      `${shells[i]?.node}: ${found.seen ? 'its volfile has no replica set: only replicated volumes can be judged' : found.because}`,
    );
  }
  throw new Error(`no node could tell which bricks volume ${volume} has (${reasons.join('; ')})`);
}

/** It is named among the bricks of its set, holds no files and lies on a node that nobody looks at. */
const withoutThinArbiter = (set: ReplicaSet): ReplicaSet => ({
  ...set,
  bricks: set.bricks.filter(({ accusedAs }) => !/-ta-\d+$/.test(accusedAs)),
});

const seenSet = (set: ReplicaSet, bricks: readonly BrickFacts[], favoriteChild: FavoriteChild): SeenSet => ({
  bricks: set.bricks.flatMap(({ brick }) => bricks.filter((b) => b.brick === brick)),
  rules: { quorum: effectiveQuorum(set.bricks.length, set.quorumType, set.quorumCount), favoriteChild },
});
