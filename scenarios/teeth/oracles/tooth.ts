/** A planted bug that an oracle must catch. */
import {
  accusedAs,
  brick,
  changing,
  everyOracle,
  healthyNight,
  historyOf,
  imageOf,
  nightEnds,
  node,
  router,
  siteForTests,
  withBlame,
} from '../../../harness/index.ts';
import type { Drafts, History, NightOptions, Oracle, VolumeSnapshot } from '../../../harness/index.ts';

export interface Tooth {
  /** Name of the oracle that must catch it. */
  readonly oracle: string;
  readonly bug: string;
  readonly night?: NightOptions;
  readonly plant: (night: Drafts) => Drafts;
  /** What the oracle must answer; `unknown` where the bug takes the proof away instead of breaking anything. */
  readonly answers: 'broken' | 'unknown';
  /** What it must say, in its reason or its first findings. */
  readonly says: RegExp;
}

export const SITE = siteForTests();
export const ENDS = nightEnds();
export const NODES = [node('pve1'), node('pve2'), node('pve3')] as const;
export const ROUTERS = [router('router-a'), router('router-b')] as const;
export const BRICKS = NODES.map((name) => brick(`${name}:/bricks/vmstore/brick`)) as [
  ReturnType<typeof brick>,
  ReturnType<typeof brick>,
  ReturnType<typeof brick>,
];
export const IMAGE = imageOf(SITE.routers[0] as (typeof SITE.routers)[number]);

export const oracleCalled = (name: string): Oracle => {
  const oracle = everyOracle().find((each) => each.name === name);
  if (oracle === undefined)
    throw new Error(`there is no oracle called ${name}; correct the name in scenarios/teeth/oracles`);
  return oracle;
};

export const planted = ({ night, plant }: Tooth): History => historyOf(plant(healthyNight(night)));

/** Changes the snapshots with this label: `end` is the last look, `midway` the ones between the reboots. */
export const inLook = (
  drafts: Drafts,
  label: 'end' | 'midway',
  change: (snapshot: VolumeSnapshot) => VolumeSnapshot,
): Drafts =>
  changing(drafts, 'observed', (body) =>
    body.snapshot.label === label ? { ...body, snapshot: change(body.snapshot) } : undefined,
  );

/** Every brick accuses every other. */
export const blameEachOther = (snapshot: VolumeSnapshot, value: string, path = IMAGE): VolumeSnapshot =>
  BRICKS.reduce(
    (hurt, by, i) =>
      BRICKS.reduce(
        (more, _, j) => (i === j ? more : withBlame(more, by, accusedAs(SITE, j), path, value)),
        hurt,
      ),
    snapshot,
  );

/** Teeth of one oracle. */
export const teethOf = (oracle: string, teeth: readonly Omit<Tooth, 'oracle'>[]): readonly Tooth[] =>
  teeth.map((tooth) => ({ oracle, ...tooth }));
