/** The site of the incident, with every number and the reason for it. */
import { join } from 'node:path';
import { eachGoesDown, everyOracle, node, restoreRouters, router, USUAL_LIMITS } from '../harness/index.ts';
import type {
  Aftermath,
  Escalation,
  Layout,
  Limits,
  Scenario,
  SiteSpec,
  UpgradePlan,
  VolumeOptions,
} from '../harness/index.ts';
import { readEscalation } from '../lab/index.ts';

export const NODES = [node('pve1'), node('pve2'), node('pve3')] as const;

/** What a story may choose about the site; the rest is the same for all of them. */
export interface Choice {
  readonly layout: Layout;
  readonly options: VolumeOptions;
  readonly diskErrorPolicy?: SiteSpec['diskErrorPolicy'];
  /** 0: routers that write nothing to their disks. */
  readonly writeEveryMs?: number;
  readonly guestStart?: SiteSpec['guestStart'];
  readonly oob?: boolean;
  /** The incident's site had none; where alerts are the story there is one. */
  readonly exporter?: boolean;
}

/**
 * Heals must take longer than the operator's delay, as they did in the incident, and not depend on how busy this machine is. So the
 * storage links have a rate, and healing copies whole files: 64 MiB at 80 Mbit/s take 13 s for one image under
 * a writing guest and 26 s for both, as measured. Without the rate the same heal takes from half a second to four.
 *
 * With the virt group eight shards heal at once and only shards that were written: at 80 Mbit/s that takes about as long as the
 * operator needs to come to the next node, so it would be luck. At 40 Mbit/s it takes 20 s and more.
 */
const IMAGE_MIB = 64;
const STORAGE_MBIT = { defaults: 80, virt: 40 } as const satisfies Record<VolumeOptions, number>;

/** A pfSense router writes logs, RRD graphs and its configuration; one record every 100 ms keeps every heal race open. */
const WRITE_EVERY_MS = 100;

export function site(choice: Choice): SiteSpec {
  const writeEveryMs = choice.writeEveryMs ?? WRITE_EVERY_MS;
  return {
    nodes: NODES,
    volume: {
      name: 'vmstore',
      layout: choice.layout,
      options: choice.options,
      tuning:
        choice.options === 'virt'
          ? []
          : [
              {
                option: 'cluster.data-self-heal-algorithm',
                value: 'full',
                why: 'as in the virt group: a heal copies the whole file, so its time follows from size and link rate alone',
              },
            ],
      shardMiB: 16,
    },
    routers: [
      { name: router('router-a'), vmid: 101, startsOn: NODES[0], writeEveryMs },
      { name: router('router-b'), vmid: 102, startsOn: NODES[1], writeEveryMs },
    ],
    imageMiB: IMAGE_MIB,
    diskErrorPolicy: choice.diskErrorPolicy ?? 'panic',
    accelerator: 'probe',
    guestStart: choice.guestStart ?? 'state',
    bootSeconds: 10,
    brickGuard: true,
    storageMbit: STORAGE_MBIT[choice.options],
    customerFiles: { count: 20, kib: 64 },
    oob: choice.oob ?? false,
    exporter: choice.exporter ?? false,
  };
}

/**
 * The delay of the incident, scaled: a brick is back 5 to 6 s after its node's boot, so the delay ends with every brick there (nothing
 * looks wrong) and 7 s of a heal done that takes 26. On a slow machine the lab slows the storage links down by as much as itself.
 */
export const DELAY_SECONDS = 8;

/** A node is back 14 to 18 s after its reboot (10 s of them modelled); who sees nothing after 40 s is looking at an outage. */
export const UPGRADE: UpgradePlan = { nodes: NODES, patienceSeconds: 40 };

/** Longest time that a heal of both images takes on this site, on a machine four times as slow as the reference. */
export const GATE_BUDGET_SECONDS = 150;

const escalation = (name: string): Escalation =>
  readEscalation(join(import.meta.dirname, 'escalations', `${name}.yml`));

const RESTORE = restoreRouters({
  on: NODES[0],
  routers: [
    { vmid: 101, backup: '/mnt/backup/dump/vzdump-qemu-101.raw' },
    { vmid: 102, backup: '/mnt/backup/dump/vzdump-qemu-102.raw' },
  ],
});

/** The owner of the site, by the report: asleep until the morning, able to come at noon, restores both routers from backup. */
export const NOON: Aftermath = { escalation: escalation('one-phone'), procedure: RESTORE };

/** What the five stories about the people of this night are compared under. */
export const ONE_NIGHT = 'One night, five ways to be told: how long customers were cut off';

/** Lesson 3: calls instead of messages, and a second person. */
export const CALLED: Aftermath = { escalation: escalation('call-then-second'), procedure: RESTORE };

const oracles = (names?: (name: string) => boolean, limits: Limits = USUAL_LIMITS): Scenario['oracles'] => {
  const [first, ...rest] = everyOracle(limits).filter(({ name }) => names?.(name) ?? true);
  if (first === undefined) throw new Error('bug: no oracle is left to judge with');
  return [first, ...rest];
};

/** Who is told in time, and who can get in, are the questions of the stories about alerts. */
const ABOUT_PEOPLE = ['person-acknowledged', 'access-as-predicted'];

/** Nights that must hold must come to their end: a procedure that stops after the first node disturbs nobody. */
const WHOLE_ROUND: Limits = { ...USUAL_LIMITS, tookHold: eachGoesDown(NODES) };
const withoutPeople = (name: string): boolean => !ABOUT_PEOPLE.includes(name);

export const ORACLES_WITH_PEOPLE = oracles();
export const ORACLES_WITH_PEOPLE_OF_A_ROUND = oracles(undefined, WHOLE_ROUND);
export const ORACLES = oracles(withoutPeople);
export const ORACLES_OF_A_ROUND = oracles(withoutPeople, WHOLE_ROUND);
/** A router that never touches its disk proves nothing about it. */
export const ORACLES_WITHOUT_WRITES = oracles(
  (name) => withoutPeople(name) && name !== 'router-disk-readable',
  WHOLE_ROUND,
);
