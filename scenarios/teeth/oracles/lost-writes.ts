/** Planted bugs that lose acknowledged writes. */
import { adding, changing, without, withRecords, words } from '../../../harness/index.ts';
import type { Drafts, VolumeSnapshot } from '../../../harness/index.ts';
import { blameEachOther, BRICKS, inLook, ROUTERS, SITE, teethOf } from './tooth.ts';
import type { Tooth } from './tooth.ts';

const [pve1, pve2, pve3] = BRICKS;
const [routerA] = ROUTERS;
/** Records of one router when the writers stop. */
const LAST = 399;

/** The router's counting, and what its disk holds, start again at `record` from `atMs` on. */
function countsOnFrom(drafts: Drafts, atMs: number, record: number): Drafts {
  const first = drafts.find(
    ({ atMs: at, body }) => at >= atMs && body.kind === 'write-acknowledged' && body.router === routerA,
  );
  const back = first?.body.kind === 'write-acknowledged' ? first.body.record - record : 0;
  const earlier = changing(drafts, 'write-acknowledged', (body, draft) =>
    draft.atMs >= atMs && body.router === routerA ? { ...body, record: body.record - back } : undefined,
  );
  return inLook(earlier, 'end', (snapshot) =>
    [...BRICKS, ...SITE.nodes].reduce<VolumeSnapshot>(
      (hurt, where) => withRecords(hurt, routerA, where, [[1, LAST - back]]),
      snapshot,
    ),
  );
}

/** One copy of router-a's disk is without these records. */
const lacks = (snapshot: VolumeSnapshot, where: string, from: number, to: number): VolumeSnapshot =>
  withRecords(snapshot, routerA, where, [[1, from - 1], ...(to < LAST ? ([[to + 1, LAST]] as const) : [])]);

const lostWrites: readonly Omit<Tooth, 'oracle'>[] = [
  {
    bug: 'one brick never got acknowledged writes',
    plant: (night) => inLook(night, 'end', (snapshot) => lacks(snapshot, pve2, 301, 342)),
    answers: 'broken',
    says: /choosing brick pve2:\S+ loses writes 301 to 342 of router-a, 4\.1 s/,
  },
  {
    bug: 'a reader of the mount gets old data',
    plant: (night) => inLook(night, 'end', (snapshot) => lacks(snapshot, 'pve3', 390, LAST)),
    answers: 'broken',
    says: /the mount on pve3 has lost writes 390 to 399/,
  },
  {
    bug: 'the router counts on from an older disk and writes over the traces',
    plant: (night) => countsOnFrom(night, 30_000, 201),
    answers: 'broken',
    says: /router-a was rolled back: it counts on from 201 .* writes 201 to 296 /,
  },
  {
    bug: 'a stale brick is read when the router comes up',
    plant: (night) =>
      adding(night, [
        [
          30_010,
          {
            kind: 'guest',
            router: routerA,
            says: 'recover',
            text: 'RECOVER router-a records=23 last=23 bad=0 torn=0',
          },
        ],
      ]),
    answers: 'broken',
    says: /came up with record 23 as its newest/,
  },
  {
    bug: 'a restore from backup throws away what came after it',
    plant: (night) =>
      adding(countsOnFrom(night, 30_000, 8), [
        [
          29_950,
          {
            kind: 'step-began',
            step: 'restore VM 101',
            command: 'qmrestore /mnt/backup/dump/vzdump-qemu-101.raw 101 --force',
          },
        ],
      ]),
    answers: 'broken',
    says: /restored from backup \S+vzdump-qemu-101\.raw: writes 8 to 296 \(289, 28\.8 s\)/,
  },
  {
    bug: 'each side of a split-brain has writes that the other one lacks',
    plant: (night) =>
      inLook(night, 'midway', (snapshot) =>
        blameEachOther(lacks(lacks(lacks(snapshot, pve1, 20, 21), pve2, 30, 31), pve3, 40, 41), words(1)),
      ),
    answers: 'broken',
    says: /choosing brick pve1:\S+ loses writes 20 to 21 .*split-brain/,
  },
  {
    bug: 'one side of a split-brain has everything, and nobody says what the other one costs',
    plant: (night) =>
      inLook(night, 'midway', (snapshot) => blameEachOther(lacks(snapshot, pve2, 30, 31), words(1))),
    answers: 'broken',
    says: /choosing brick pve2:\S+ loses writes 30 to 31 .*split-brain/,
  },
  {
    bug: 'the writers stood still while the nodes went down',
    plant: (night) => without(night, ({ atMs, body }) => body.kind === 'write-acknowledged' && atMs > 1900),
    answers: 'unknown',
    says: /no write acknowledged while the play was on/,
  },
  {
    bug: 'a disk could not be read to its end',
    plant: (night) =>
      inLook(night, 'end', (snapshot) => ({
        ...snapshot,
        disks: snapshot.disks.map((disk) => ({
          ...disk,
          scan: { seen: true, ranges: [[1, LAST]], bad: 0, torn: 0, error: { errno: 'EIO', atBytes: 4096 } },
        })),
      })),
    answers: 'unknown',
    says: /could not be read .*EIO/,
  },
];

export const LOST_WRITES_TEETH = teethOf('no-lost-write', lostWrites);
