/** Planted bugs that split, flip, or leave data unhealed. */
import {
  accusedAs,
  adding,
  changing,
  withBlame,
  withFile,
  withoutBrick,
  without,
  words,
} from '../../../harness/index.ts';
import type { FileOnBrick, VolumeSnapshot } from '../../../harness/index.ts';
import { blameEachOther, BRICKS, IMAGE, inLook, SITE, teethOf } from './tooth.ts';
import type { Tooth } from './tooth.ts';

const [pve1, pve2, pve3] = BRICKS;
const as = (brick: number) => accusedAs(SITE, brick);

/** A copy whose content nobody hashed. */
function unhashed(file: FileOnBrick): FileOnBrick {
  const { sha256, ...rest } = file;
  return sha256 === undefined ? file : rest;
}

const says = (snapshot: VolumeSnapshot, path: string): VolumeSnapshot =>
  snapshot.cli.seen
    ? {
        ...snapshot,
        cli: {
          ...snapshot.cli,
          healInfo: snapshot.cli.healInfo.map((each) => ({ ...each, inSplitBrain: [path] })),
        },
      }
    : snapshot;

const splitBrain: readonly Omit<Tooth, 'oracle'>[] = [
  {
    bug: 'every brick accuses every other of data, and somebody repairs it before the end',
    plant: (night) => inLook(night, 'midway', (snapshot) => blameEachOther(snapshot, words(3))),
    answers: 'broken',
    says: /vm-101-disk-0\.raw is in data split-brain: pve1:\S+ accuses pve2:\S+ and pve3/,
  },
  {
    bug: 'metadata is split and data is not',
    plant: (night) => inLook(night, 'end', (snapshot) => blameEachOther(snapshot, words(0, 1))),
    answers: 'broken',
    says: /is in metadata split-brain/,
  },
  {
    bug: 'a directory has two truths',
    plant: (night) =>
      inLook(night, 'end', (snapshot) => blameEachOther(snapshot, words(0, 0, 1), '/customers')),
    answers: 'broken',
    says: /\/customers is in entry split-brain/,
  },
  {
    bug: 'one name, two files',
    plant: (night) =>
      inLook(night, 'end', (snapshot) =>
        withFile(snapshot, pve2, IMAGE, (file) => ({
          ...file,
          xattrs: { ...file.xattrs, 'trusted.gfid': 'f'.repeat(32) },
        })),
      ),
    answers: 'broken',
    says: /different gfids under one name/,
  },
  {
    bug: 'three bricks blame each other in a ring, which gluster never calls split-brain',
    plant: (night) =>
      inLook(night, 'end', (snapshot) =>
        withBlame(withBlame(withBlame(snapshot, pve1, as(1), IMAGE), pve2, as(2), IMAGE), pve3, as(0), IMAGE),
      ),
    answers: 'broken',
    says: /no copy that nobody accuses/,
  },
  {
    bug: 'replica 2 after two reboots without a heal between them',
    night: { layout: 'replica-2' },
    plant: (night) =>
      inLook(night, 'midway', (snapshot) =>
        withBlame(withBlame(snapshot, pve1, as(1), IMAGE), pve2, as(0), IMAGE),
      ),
    answers: 'broken',
    says: /is in data split-brain/,
  },
  {
    bug: 'only heal info knows of it',
    plant: (night) => inLook(night, 'end', (snapshot) => says(snapshot, '/customers/gone.pdf')),
    answers: 'broken',
    says: /heal info on pve1 calls \/customers\/gone\.pdf split-brain/,
  },
  {
    bug: 'a brick that would show it is not read',
    plant: (night) => inLook(night, 'end', (snapshot) => withoutBrick(snapshot, pve3)),
    answers: 'unknown',
    says: /did not see pve3/,
  },
  {
    bug: 'the split disk is replaced from backup before anybody looks',
    plant: (night) =>
      adding(night, [
        [
          33_500,
          {
            kind: 'step-began',
            step: 'restore VM 101',
            command: 'qmrestore /mnt/backup/dump/vzdump-qemu-101.raw 101',
          },
        ],
      ]),
    answers: 'unknown',
    says: /restored from backup before anybody looked/,
  },
];

const replicas: readonly Omit<Tooth, 'oracle'>[] = [
  {
    bug: 'a byte flips under one brick',
    plant: (night) =>
      inLook(night, 'end', (snapshot) =>
        withFile(snapshot, pve3, IMAGE, (file) => ({ ...file, sha256: 'b'.repeat(64) })),
      ),
    answers: 'broken',
    says: /vm-101-disk-0\.raw: sha256 is \w+ on pve1:\S+ and bbbb\w+ on pve3/,
  },
  {
    bug: 'a file is missing on the arbiter',
    night: { layout: 'replica-2-arbiter' },
    plant: (night) =>
      inLook(night, 'end', (snapshot) => withFile(snapshot, pve3, '/customers/1.pdf', () => undefined)),
    answers: 'broken',
    says: /\/customers\/1\.pdf: is on pve1:\S+, pve2:\S+ but not on pve3/,
  },
  {
    bug: 'nobody hashes the disks',
    plant: (night) => inLook(night, 'end', (snapshot) => withFile(snapshot, pve3, IMAGE, unhashed)),
    answers: 'unknown',
    says: /was not hashed/,
  },
  {
    bug: 'the disks are left out of the look',
    plant: (night) =>
      inLook(night, 'end', (snapshot) =>
        BRICKS.reduce((less, brick) => withFile(less, brick, IMAGE, () => undefined), snapshot),
      ),
    answers: 'unknown',
    says: /disk of router-a .* was on no brick/,
  },
];

const heals: readonly Omit<Tooth, 'oracle'>[] = [
  {
    bug: 'a heal never ends',
    plant: (night) =>
      changing(night, 'settled', (body) => ({
        ...body,
        ok: false,
        pending: [`${pve1} still lists 3 entries to heal`],
      })),
    answers: 'broken',
    says: /still pending: pve1:\S+ still lists 3 entries/,
  },
  {
    bug: 'settling says "done" while a brick still accuses another',
    plant: (night) => inLook(night, 'end', (snapshot) => withBlame(snapshot, pve1, as(1), IMAGE)),
    answers: 'broken',
    says: /still waits for its data to be healed on pve2/,
  },
  {
    bug: 'nobody waits',
    plant: (night) => without(night, ({ body }) => body.kind === 'settled'),
    answers: 'unknown',
    says: /nobody waited/,
  },
  {
    bug: 'the index lists files that nobody reads',
    plant: (night) =>
      inLook(night, 'end', (snapshot) => ({
        ...snapshot,
        bricks: snapshot.bricks.map((facts) =>
          facts.seen ? { ...facts, index: { seen: true, xattrop: 2, dirty: 0, entryChanges: 0 } } : facts,
        ),
      })),
    answers: 'unknown',
    says: /still lists 2 at the end/,
  },
];

const customers: readonly Omit<Tooth, 'oracle'>[] = [
  {
    bug: 'a customer file changes and changes back',
    plant: (night) =>
      inLook(night, 'midway', (snapshot) => ({
        ...snapshot,
        customerFiles: { seen: true, intact: 2, damaged: ['2.pdf'], unreadable: [] },
      })),
    answers: 'broken',
    says: /2\.pdf is damaged/,
  },
  {
    bug: 'a customer file can not be opened',
    plant: (night) =>
      inLook(night, 'end', (snapshot) => ({
        ...snapshot,
        customerFiles: { seen: true, intact: 2, damaged: [], unreadable: ['0.pdf'] },
      })),
    answers: 'broken',
    says: /0\.pdf is unreadable/,
  },
  {
    bug: 'half of the files are not looked at',
    plant: (night) =>
      inLook(night, 'end', (snapshot) => ({
        ...snapshot,
        customerFiles: { seen: true, intact: 1, damaged: [], unreadable: [] },
      })),
    answers: 'unknown',
    says: /only 1 of 3/,
  },
];

export const DATA_TEETH: readonly Tooth[] = [
  ...teethOf('no-split-brain', splitBrain),
  ...teethOf('replicas-agree', replicas),
  ...teethOf('heal-converges', heals),
  ...teethOf('customer-files-intact', customers),
];
