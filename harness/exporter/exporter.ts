/** Looks in, samples out. Pure: what was seen before is handed over from one look to the next. */
import { mountsConnected } from '../gates/conditions/c2-mounts-connected.ts';
import type { GateFacts, ReplicaSet } from '../gates/facts.ts';
import type { Gate } from '../gates/gate.ts';
import { everyBrick, setsOf } from '../gates/layout.ts';
import type { BrickId, NodeName } from '../model/names.ts';
import { METRICS } from './metrics.ts';
import type { Sample } from './metrics.ts';
import { dataSamples } from './of-data.ts';
import { gateAnswers, gateSamples, isOpening } from './of-gate.ts';
import type { QuestionAbout } from './of-gate.ts';
import { isRead, volumeSamples } from './of-volume.ts';

/** What earlier looks left. */
export interface Memory {
  /** Oldest first; no more than any window needs. */
  readonly looks: readonly GateFacts[];
  /** As the last look that knew the layout had it: a brick does not vanish because nobody answers. */
  readonly sets: readonly ReplicaSet[];
  /** Host epoch, milliseconds; undefined when there was none. */
  readonly successAtMs: number | undefined;
}

export const NOTHING_SEEN: Memory = { looks: [], sets: [], successAtMs: undefined };

export interface Exporting {
  readonly gate: Gate;
  readonly about: QuestionAbout;
  /** One node that speaks of itself only: whatever needs the others is left to who asks all of them. */
  readonly local?: NodeName;
}

/** More looks than any window; the older ones tell only whether a backlog comes back, so they keep no files: there may be thousands. */
const KEEP = 20;
const KEEP_FILES = 5;

export interface Exported {
  readonly memory: Memory;
  readonly samples: readonly Sample[];
  /** A gate waits for nothing but more looks: whoever looks again soon does not call it shut for an interval too long. */
  readonly opening: boolean;
}

export function exported({ gate, about, local }: Exporting, before: Memory, facts: GateFacts): Exported {
  const layout = setsOf(facts);
  const sets = layout.seen ? layout.sets : before.sets;
  const bricks = everyBrick(sets);
  const whole = isWhole(facts, local === undefined ? bricks : ownBricks(facts, local));
  const looks = [...before.looks, facts]
    .slice(-KEEP)
    .map((look, at, all) => (all.length - at > KEEP_FILES ? light(look) : look));
  const memory: Memory = { looks, sets, successAtMs: whole ? facts.atMs : before.successAtMs };
  // One node alone can't say whether it may go down.
  const answers = local === undefined ? gateAnswers(gate, about, looks) : [];
  const samples = [
    ...volumeSamples(facts, sets, bricks, mountless(facts, about)),
    ...(local === undefined ? dataSamples(looks, sets, bricks) : []),
    ...gateSamples(facts.volume, answers, facts.nodes),
    ...lookSamples(facts, memory.successAtMs),
  ];
  return {
    memory,
    samples: local === undefined ? samples : ofOneNode(samples, ownBricks(facts, local)),
    opening: isOpening(gate, about, answers, facts),
  };
}

/** Nodes that need not mount the volume: by the site's description, or because C2 is waived for them. */
const mountless = ({ nodes }: GateFacts, about: QuestionAbout): readonly NodeName[] =>
  nodes.flatMap(({ node }) => {
    const { site, waivers } = about(node);
    const isWaived = waivers.some(({ condition }) => condition === mountsConnected.code);
    return isWaived || site?.withoutMount?.includes(node) === true ? [node] : [];
  });

const light = (look: GateFacts): GateFacts => ({
  ...look,
  bricks: look.bricks.map((one) => (one.seen && one.files.length > 0 ? { ...one, files: [] } : one)),
});

const ownBricks = (facts: GateFacts, local: NodeName): readonly BrickId[] =>
  facts.nodes.flatMap(({ node, localBricks }) =>
    node === local && localBricks.seen ? localBricks.bricks : [],
  );

const isWhole = (facts: GateFacts, bricks: readonly BrickId[]): boolean =>
  facts.nodes.every(({ identity }) => identity.seen) &&
  bricks.length > 0 &&
  bricks.every((brick) => facts.bricks.some((one) => one.brick === brick && isRead(one)));

function lookSamples(facts: GateFacts, successAtMs = 0): readonly Sample[] {
  const seconds = { labels: {} } as const;
  return [
    ...facts.nodes.map(({ node, identity }): Sample => ({
      name: 'healproof_node_answered',
      labels: { node },
      value: identity.seen ? 1 : 0,
    })),
    { ...seconds, name: 'healproof_last_look_timestamp_seconds', value: facts.atMs / 1000 },
    { ...seconds, name: 'healproof_last_look_duration_seconds', value: facts.tookMs / 1000 },
    { ...seconds, name: 'healproof_last_success_timestamp_seconds', value: successAtMs / 1000 },
  ];
}

const LOCAL: ReadonlySet<string> = new Set(
  METRICS.filter((one) => one.local === true).map(({ name }) => name),
);

/** About this node's bricks and its own client. A brick of another node that this one has not read is no news. */
function ofOneNode(samples: readonly Sample[], own: readonly BrickId[]): readonly Sample[] {
  const paths = new Set(own.map((brick) => brick.slice(brick.indexOf(':/') + 1)));
  const hosts = new Set(own.map((brick) => brick.slice(0, brick.indexOf(':/'))));
  return samples.filter((one) => {
    if (!LOCAL.has(one.name)) return false;
    if (one.name === 'gluster_brick_up')
      return hosts.has(one.labels.hostname) && paths.has(one.labels.brick_path);
    if ('brick' in one.labels && one.name !== 'healproof_client_brick_connected')
      return own.some((brick) => 'brick' in one.labels && brick === one.labels.brick);
    return true;
  });
}
