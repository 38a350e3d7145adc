/** Planted bugs of gates, of fault injectors, and of witnesses. */
import {
  accusedAs,
  adding,
  changing,
  NIGHT_TURN,
  turnOf,
  withBlame,
  without,
  words,
} from '../../../harness/index.ts';
import type { Drafts } from '../../../harness/index.ts';
import { blameEachOther, BRICKS, IMAGE, inLook, NODES, SITE } from './tooth.ts';
import type { Tooth } from './tooth.ts';

const [pve1, pve2, pve3] = BRICKS;
const as = (brick: number) => accusedAs(SITE, brick);
const REBOOT_2 = turnOf(1) + NIGHT_TURN.reboots;

const pending = (drafts: Drafts, brick: string, fromMs: number, toMs: number, xattrop: number): Drafts =>
  changing(drafts, 'backlog', (body, { atMs }) =>
    body.brick === brick && atMs >= fromMs && atMs <= toMs && body.counts.seen
      ? { ...body, counts: { ...body.counts, xattrop } }
      : undefined,
  );

const GATE: readonly Tooth[] = [
  {
    oracle: 'gate-honest',
    bug: 'a gate answers open too early',
    plant: (night) => pending(night, pve3, turnOf(0) + NIGHT_TURN.connected, REBOOT_2 + 1000, 37),
    answers: 'broken',
    says: /pve2 was taken down .* 37 heals were pending in the index of pve3:\S+; gate safe had said open/,
  },
  {
    oracle: 'gate-honest',
    bug: 'a script reboots a node without any step of the procedure',
    plant: (night) =>
      pending(
        without(
          night,
          ({ body }) => 'command' in body && body.command === 'reboot' && body.node === NODES[1],
        ),
        pve3,
        turnOf(0) + NIGHT_TURN.connected,
        REBOOT_2 + 1000,
        5,
      ),
    answers: 'broken',
    says: /pve2 was taken down .* 5 heals were pending/,
  },
  {
    oracle: 'gate-honest',
    bug: 'the next node goes down before the first one is back',
    plant: (night) =>
      without(
        night,
        ({ atMs, body }) =>
          body.kind === 'node' && body.node === NODES[0] && body.state === 'up' && atMs > 1000,
      ),
    answers: 'broken',
    says: /pve2 was taken down .* while pve1 was not up/,
  },
  {
    oracle: 'gate-honest',
    bug: 'the index is empty only because the brick is not there to be accused',
    plant: (night) =>
      without(
        night,
        ({ atMs, body }) =>
          body.kind === 'brick' &&
          body.brick === pve1 &&
          body.seenBy === NODES[2] &&
          body.connected &&
          atMs > 1000,
      ),
    answers: 'broken',
    says: /the client on pve3 had been without pve1:\S+ for \S+ s, and writes went on/,
  },
  {
    oracle: 'gate-honest',
    bug: 'the node that goes down holds the only good copy',
    plant: (night) =>
      pending(
        inLook(night, 'midway', (snapshot) =>
          withBlame(withBlame(snapshot, pve2, as(0), IMAGE), pve2, as(2), IMAGE),
        ),
        pve2,
        turnOf(0) + NIGHT_TURN.connected,
        REBOOT_2,
        1,
      ),
    answers: 'broken',
    says: /it held the only good copy of \/images\/101\/vm-101-disk-0\.raw/,
  },
  {
    oracle: 'gate-honest',
    bug: 'nobody counts the backlog around a reboot',
    plant: (night) =>
      without(night, ({ atMs, body }) => body.kind === 'backlog' && Math.abs(atMs - REBOOT_2) < 4000),
    answers: 'unknown',
    says: /whether a heal was pending on pve1:\S+ when pve2 went down is not known/,
  },
  {
    oracle: 'gate-honest',
    bug: 'accusations hide behind a writer that keeps its lock',
    plant: (night) =>
      changing(night, 'backlog', (body, { atMs }) =>
        body.brick === pve1 && atMs > turnOf(0) && body.counts.seen
          ? { ...body, counts: { ...body.counts, dirty: 0 } }
          : undefined,
      ),
    answers: 'unknown',
    says: /pve1:\S+ was never marked dirty after it came back/,
  },
  {
    oracle: 'gate-honest',
    bug: 'accusations hide behind a writer that keeps its lock, and one count of them could not be read',
    plant: (night) => {
      let unread = false;
      return changing(night, 'backlog', (body, { atMs }) => {
        if (body.brick !== pve1 || atMs <= turnOf(0) || !body.counts.seen) return undefined;
        if (!unread && atMs > REBOOT_2 - 1500) {
          unread = true;
          return { ...body, counts: { seen: false, because: 'no answer for 3 s' } };
        }
        return { ...body, counts: { ...body.counts, dirty: 0 } };
      });
    },
    answers: 'unknown',
    says: /pve1:\S+ was never marked dirty after it came back/,
  },
  {
    oracle: 'gate-honest',
    bug: 'no node is ever rebooted',
    plant: (night) =>
      without(
        night,
        ({ atMs, body }) =>
          (body.kind === 'node' && atMs > 1000) || ('command' in body && body.command === 'reboot'),
      ),
    answers: 'unknown',
    says: /no node was rebooted/,
  },
];

const FAULTS: readonly Tooth[] = [
  {
    oracle: 'faults-took-hold',
    bug: 'a fault injector that does nothing',
    plant: (night) =>
      adding(night, [[20_000, { kind: 'fault-began', fault: 'cut the storage network', target: 'pve2' }]]),
    answers: 'unknown',
    says: /nobody saw that cut the storage network on pve2 took effect/,
  },
  {
    oracle: 'faults-took-hold',
    bug: 'a reboot that only the node itself reports',
    plant: (night) =>
      without(night, ({ body }) => body.kind === 'receipt' && !body.receipt.seenBy.endsWith('itself')),
    answers: 'unknown',
    says: /only pve1 itself says/,
  },
  {
    oracle: 'faults-took-hold',
    bug: 'a reboot that is none: the boot id stays',
    plant: (night) =>
      changing(night, 'node', (body) =>
        body.node === NODES[1] && body.bootId !== undefined ? { ...body, bootId: 'pve2-boot-1' } : undefined,
      ),
    answers: 'unknown',
    says: /the reboot of pve2 .* left the boot id as it was/,
  },
  {
    oracle: 'faults-took-hold',
    bug: 'an expected receipt did not come',
    plant: (night) => {
      const step = night.find(({ body }) => 'command' in body && body.command === 'reboot');
      const because = 'no other node ever lost its connection to it';
      return adding(night, [
        [38_900, { kind: 'no-receipt', of: step?.key ?? -1, expected: 'brick of pve1 gone', because }],
      ]);
    },
    answers: 'unknown',
    says: /no receipt for "brick of pve1 gone"/,
  },
];

const WITNESSES: readonly Tooth[] = [
  {
    oracle: 'witnesses-agree',
    bug: 'heal info is blind to a split-brain',
    plant: (night) => inLook(night, 'midway', (snapshot) => blameEachOther(snapshot, words(2))),
    answers: 'broken',
    says: /heal info on pve1 does not call it split-brain; on the bricks: data: pve1:\S+ accuses pve2/,
  },
  {
    oracle: 'witnesses-agree',
    bug: 'heal info sees a split-brain that is not there',
    plant: (night) =>
      inLook(night, 'end', (snapshot) =>
        snapshot.cli.seen
          ? {
              ...snapshot,
              cli: {
                ...snapshot.cli,
                healInfo: snapshot.cli.healInfo.map((each) => ({
                  ...each,
                  entries: { seen: true, count: 1 },
                  listed: [IMAGE],
                  inSplitBrain: [IMAGE],
                })),
              },
            }
          : snapshot,
      ),
    answers: 'broken',
    says: /heal info on pve1 calls it split-brain; on the bricks: no brick accuses/,
  },
  {
    oracle: 'witnesses-agree',
    bug: 'heal info lists nothing at rest while a brick accuses another',
    plant: (night) => inLook(night, 'end', (snapshot) => withBlame(snapshot, pve1, as(2), IMAGE)),
    answers: 'broken',
    says: /heal info on pve1 does not list it; on the bricks: data accused/,
  },
  {
    oracle: 'witnesses-agree',
    bug: 'heal info gives "-" for a brick, which is not 0',
    plant: (night) =>
      inLook(night, 'end', (snapshot) =>
        snapshot.cli.seen
          ? {
              ...snapshot,
              cli: {
                ...snapshot.cli,
                healInfo: snapshot.cli.healInfo.map((each) =>
                  each.brick === pve2
                    ? { ...each, connected: false, entries: { seen: false, because: '-' } }
                    : each,
                ),
              },
            }
          : snapshot,
      ),
    answers: 'unknown',
    says: /gave no list for pve2/,
  },
];

export const CONDUCT_TEETH: readonly Tooth[] = [...GATE, ...FAULTS, ...WITNESSES];
