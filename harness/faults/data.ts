/** Faults that lie in the data: what bricks say about each other and what they hold. On files of their own, never on the routers' disks. */
import { shut } from './fault.ts';
import type { Fault, Shut } from './fault.ts';
import { HITS_THIRD } from './processes.ts';

const FILE = 'a file of its own, not a router’s disk';
const HEALERS_STOPPED: readonly Shut[] = [
  shut('C1', 'held', 'the self-heal daemons are stopped by a signal, so that it stays as it is'),
];
const RECONNECTING = [
  { code: 'C3', why: 'a daemon that is stopped does not connect to a brick that is back' },
];
const FIRST_OF_TWO = { layout: 'replica-2', hits: 0, asked: 1, needsWriter: false } as const;

/** Each of two bricks accuses the other of the same file; heal info marks that. */
const SPLIT_FILE = {
  ...FIRST_OF_TWO,
  shuts: [
    ...HEALERS_STOPPED,
    shut('D1', 'held', 'both bricks list the file'),
    shut('D2', 'held', 'heal info counts it'),
    shut('D3', 'refused', 'heal info calls it a split-brain'),
    shut('D4', 'held', 'each accuses the other'),
    shut('D6', 'refused', 'no brick has a copy that nobody accuses'),
  ],
  mayShut: RECONNECTING,
  noticedBy: ['SplitBrain'],
  receipt: 'heal info, asked on the third node, which has no brick',
  ends: 'the first brick’s copy is chosen (split-brain source-brick), the file is removed',
  limit: FILE,
} as const;

export const DATA_FAULTS: readonly Fault[] = [
  {
    ...HITS_THIRD,
    name: 'persistent-dirty',
    says: 'a client died in mid write: the file stays dirty on every brick, nobody is accused',
    standsFor: 'R12; measured 14',
    needsWriter: false,
    shuts: [shut('D2', 'held', 'heal info finds the file dirty and nobody who holds its lock')],
    mayShut: [
      { code: 'D1', why: 'when the client died between two bricks, only some of them are dirty' },
      { code: 'D4', why: 'the same' },
    ],
    noticedBy: ['DirtyPersistent'],
    receipt: 'the dirty attribute on another node’s brick, after the client is gone',
    ends: 'a crawl of the self-heal daemon, then the file is removed',
    limit: 'the raw index alone can’t tell it from a live writer',
  },
  {
    ...HITS_THIRD,
    name: 'silent-divergence',
    says: 'one byte of one copy has changed under the brick, no attribute knows of it',
    standsFor: 'R14; measured 13',
    needsWriter: false,
    deep: true,
    shuts: [shut('D5', 'refused', 'the bytes differ')],
    noticedBy: [],
    receipt: 'the checksum of the copy on the brick differs from that on another node’s brick',
    ends: 'the byte is put back, the file is removed',
    limit: `${FILE}; only a comparison of contents finds it, which no gate but the deep one makes`,
  },
  {
    ...HITS_THIRD,
    name: 'stale-index-entry',
    says: 'the index names a file that nobody accuses',
    standsFor: 'measured 15: heal info says 0, the entry stays',
    needsWriter: false,
    shuts: [shut('D1', 'held', 'a name in the index is a name in the index')],
    noticedBy: ['HealBacklogNotDraining'],
    receipt: 'the raw index of the brick, in which the file is still named after a crawl',
    ends: 'the entry is removed',
    limit: 'a hard link made by hand',
  },
  {
    ...HITS_THIRD,
    name: 'heal-pending',
    says: 'a brick was away while others were written, is back, and nothing heals it',
    standsFor: 'R3; measured 16a',
    needsWriter: false,
    shuts: [
      ...HEALERS_STOPPED,
      shut('D1', 'held', 'the other bricks list the file'),
      shut('D2', 'held', 'heal info counts it'),
      shut('D4', 'held', 'the other bricks accuse this one'),
      shut('D6', 'held', 'not every remaining copy is good'),
    ],
    mayShut: RECONNECTING,
    noticedBy: ['HealBacklogNotDraining'],
    receipt: 'the raw index of another node’s brick names the file',
    ends: 'the self-heal daemons may go on (SIGCONT), and the file is removed when it is healed',
    limit: `${FILE}; the daemons are stopped so that the backlog stays for as long as it is looked at`,
  },
  {
    ...HITS_THIRD,
    name: 'sole-good-copy',
    says: 'two bricks were away one after the other while the third was written: it holds the only good copy',
    standsFor: 'R1, the incident on three copies; glusterfs#538; measured 05',
    asked: 2,
    needsWriter: false,
    shuts: [
      ...HEALERS_STOPPED,
      shut('D1', 'held', 'bricks list the file'),
      shut('D2', 'held', 'heal info counts it'),
      shut('D4', 'held', 'two bricks are accused'),
      shut('D6', 'refused', 'the node that is asked about holds the only good copy'),
    ],
    mayShut: RECONNECTING,
    noticedBy: ['SoleGoodCopyInMaintenance', 'HealBacklogNotDraining'],
    receipt: 'the attributes on the third brick accuse both others',
    ends: 'the self-heal daemons may go on (SIGCONT), and the file is removed when it is healed',
    limit: `${FILE}; bricks are killed, nodes are not rebooted`,
  },
  {
    ...HITS_THIRD,
    name: 'cyclic-blame',
    says: 'three bricks accuse each other in a circle',
    standsFor: 'R15; measured 12: ENOTCONN with every brick up, every count 0, never called a split-brain',
    needsWriter: false,
    shuts: [
      shut('D4', 'held', 'accusations'),
      shut('D6', 'refused', 'no brick has a copy that nobody accuses'),
    ],
    mayShut: [{ code: 'D1', why: 'a look at the file may bring it into the index' }],
    noticedBy: ['CyclicBlame'],
    receipt: 'the attributes of the file on each of the three bricks',
    ends: 'the attributes are taken away, the file is removed',
    limit: `${FILE}; made by setfattr, since the way there by writes is a matter of luck`,
  },
  {
    ...HITS_THIRD,
    name: 'attribute-damaged',
    says: 'an attribute by which a brick accuses another one is cut short: nobody can say what it means',
    standsFor:
      'a brick that was restored by a tool that does not keep trusted.*; a file system that was repaired',
    needsWriter: false,
    shuts: [
      shut('D4', 'unknown', 'four bytes are no three counters'),
      shut('D6', 'unknown', 'whoever may be accused may be no good copy'),
    ],
    mayShut: [{ code: 'D1', why: 'a look at the file may bring it into the index' }],
    noticedBy: ['FilesNotJudged'],
    receipt: 'the attribute on the brick, read from another node',
    ends: 'the attribute is taken away, the file is removed',
    limit: `${FILE}; made by setfattr`,
  },
  {
    ...SPLIT_FILE,
    name: 'data-split-brain',
    says: 'each of two bricks was written while the other one was away',
    standsFor: 'R1 on two copies, the incident; measured 07',
  },
  {
    ...SPLIT_FILE,
    name: 'metadata-split-brain',
    says: 'the mode of a file was changed on each of two bricks while the other one was away',
    standsFor: 'R10; measured 08: reads of the content fail too',
  },
  {
    ...FIRST_OF_TWO,
    name: 'gfid-split-brain',
    says: 'the same name was created on each of two bricks while the other one was away: two files, one name',
    standsFor: 'R13; measured 09',
    shuts: [
      ...HEALERS_STOPPED,
      shut('D1', 'held', 'both bricks list the folder'),
      shut('D2', 'held', 'heal info counts it'),
      shut('D3', 'refused', 'heal info calls the folder a split-brain'),
      shut('D4', 'refused', 'one name, two gfids'),
    ],
    mayShut: [...RECONNECTING, { code: 'D6', why: 'the folders accuse each other until they are merged' }],
    noticedBy: ['SplitBrain'],
    receipt: 'the gfids of the two files on the two bricks',
    ends: 'the second brick’s file is removed with its link, what is left is healed and removed',
    limit: FILE,
  },
];

/** Played last of its family: a brick is moved for it. */
export const ROOM_FAULTS: readonly Fault[] = [
  {
    ...HITS_THIRD,
    name: 'brick-full',
    says: 'the file system of one brick is full: it takes no more writes, the others do',
    standsFor: 'R17; glusterfs#2305',
    needsWriter: false,
    shuts: [
      shut('D1', 'held', 'the other bricks list what this one could not take'),
      shut('D2', 'held', 'heal info counts it'),
      shut('D4', 'held', 'the other bricks accuse this one'),
      shut('D6', 'held', 'not every remaining copy is good'),
    ],
    noticedBy: ['HealBacklogNotDraining'],
    receipt: 'df on its node; the raw index of another node’s brick names the file that did not fit',
    ends: 'the brick is moved back to its own file system with all it holds, the file is removed when it is healed',
    limit:
      'the brick is moved onto a small file system in memory (tmpfs), with all it holds; B3a sees that, and is not asked in the matrix',
  },
];
