/** Faults of processes and of the network between them. All on three copies; the third node is hit, the gate is asked about the second. */
import { shut } from './fault.ts';
import type { Fault, Shut } from './fault.ts';

export const HITS_THIRD = { layout: 'replica-3', hits: 2, asked: 1 } as const;

export const BRICK_AWAY: readonly Shut[] = [
  shut('C1', 'held', 'the self-heal daemons have lost it too'),
  shut('C2', 'held', 'every mount has lost the brick'),
  shut('D2', 'unknown', 'heal info has no number for a brick that it can’t ask'),
  shut('D3', 'unknown', 'split-brain is only seen between bricks that answer'),
  shut('E1', 'refused', 'one brick is away, a second one would end the quorum'),
];
export const WRITES_MISSED = [
  { code: 'D1', why: 'index entries land when a writer lets go of its lock, not before' },
  { code: 'D4', why: 'accusations come with the index entries' },
  { code: 'D6', why: 'what is accused is no good copy' },
] as const;

export const PROCESS_FAULTS: readonly Fault[] = [
  {
    ...HITS_THIRD,
    name: 'storage-cut',
    says: 'the storage network of a node is gone, both ways, without a goodbye: what a loss of power looks like to the others',
    standsFor: 'R4, R9; measured: clients hang for the ping time-out',
    needsWriter: false,
    shuts: [
      shut('A2', 'held', 'its peers lose it, and it loses them'),
      shut('B1', ['held', 'unknown'], 'rows of a node that is away are missing'),
      shut('C5', 'held', 'its port can’t be reached'),
      shut('E2', 'refused', 'two of three glusterds are needed'),
      shut('C1', 'held', 'the self-heal daemons have lost it'),
      shut('C2', ['held', 'unknown'], 'mounts have lost it; that node’s own mount may not answer at all'),
      shut('D2', ['held', 'unknown'], 'heal info has no number for it, or is not asked'),
      shut('D3', ['held', 'unknown'], 'the same'),
      shut('E1', ['refused', 'unknown'], 'one brick is away, a second one would end the quorum'),
    ],
    mayShut: [
      ...WRITES_MISSED,
      { code: 'A3a', why: 'that node’s own mount has lost the others and may not answer' },
      { code: 'B2', why: 'tables are compared where rows are seen' },
      { code: 'B3b', why: 'without server quorum its glusterd stops its own brick' },
      { code: 'C3', why: 'each end drops a dead connection in its own time' },
    ],
    noticedBy: ['BrickDown', 'QuorumMarginGone'],
    receipt: 'another node’s ping gets no answer, and its client loses the brick after the ping time-out',
    ends: 'the rules are taken out of the node’s packet filter',
    limit: 'the node itself lives on, and sees the others gone',
  },
  {
    ...HITS_THIRD,
    name: 'client-cut-off',
    says: 'the client of one node has lost one brick, and everybody else is well',
    standsFor: 'R8; a partial partition',
    needsWriter: false,
    shuts: [
      shut('C2', 'held', 'the mount on that node says so itself; nobody else does'),
      shut('C5', 'held', 'a new connection from that node is turned away'),
      shut('E1', 'refused', 'that client would be left with one brick of three'),
    ],
    mayShut: [
      { code: 'C1', why: 'an idle daemon notices only when it sends something' },
      { code: 'C3', why: 'the brick’s end of a connection that was reset lives on until it sends' },
      ...WRITES_MISSED,
    ],
    noticedBy: ['ClientWithoutBrick'],
    receipt: 'the kernel of the brick’s node has no connection from that client any more',
    ends: 'the rule is taken out of the client’s packet filter',
    limit: 'cut by port, so it is this one brick and not the node',
  },
  {
    ...HITS_THIRD,
    name: 'client-stuck',
    says: 'the client under the mount of one node hangs without dying: whatever asks for a file there waits',
    standsFor: 'R8, R16; a mount that hangs, and a look that hangs with it',
    needsWriter: false,
    shuts: [
      shut('C2', 'unknown', 'its own tables are asked through the mount'),
      shut('E1', 'unknown', 'which bricks it would be left with is not known'),
      shut('D2', 'held', 'heal info is not asked while a mount hangs'),
      shut('D3', 'held', 'the same'),
    ],
    noticedBy: ['MountGone'],
    receipt: 'a read through that mount does not come back; the kernel says that the client is stopped',
    ends: 'SIGCONT',
    limit: 'stopped by a signal: its kernel still takes bytes from the network',
  },
  {
    ...HITS_THIRD,
    name: 'glusterd-stopped',
    says: 'glusterd of a node is away while its brick serves on',
    standsFor: 'R6; measured 17: a row that is missing proves nothing',
    needsWriter: false,
    shuts: [
      shut('A1', 'unknown', 'its record of the volume can’t be asked for'),
      shut('A2', 'unknown', 'that node answers nothing about its peers'),
      shut('A3b', 'unknown', 'its options can’t be compared'),
      shut('A3c', 'unknown', 'its options can’t be compared'),
      shut('B1', 'unknown', 'volume status is not asked while a glusterd is away'),
      shut('B2', 'unknown', 'the same'),
      shut('D2', 'unknown', 'heal info can’t reach a brick whose port nobody tells it'),
      shut('D3', 'unknown', 'the same'),
      shut('E2', 'refused', 'two of three glusterds are needed'),
    ],
    noticedBy: ['PeerDisconnected'],
    receipt: 'another node’s pool list calls it disconnected, while its client keeps the brick',
    ends: 'systemctl start glusterd',
    limit: 'stopped in order, not crashed',
  },
  {
    ...HITS_THIRD,
    name: 'self-heal-killed',
    says: 'the self-heal daemon of a node is gone, and nobody starts it again',
    standsFor: 'R3; glusterfs#2492; measured 16',
    needsWriter: false,
    shuts: [
      shut('B1', 'held', 'its row in volume status says N'),
      shut('C1', 'held', 'no such process on that node'),
    ],
    noticedBy: ['SelfHealDaemonDown'],
    receipt: 'volume status, asked on another node',
    ends: 'gluster volume start … force',
    limit: 'none known',
  },
  {
    ...HITS_THIRD,
    name: 'self-heal-stuck',
    says: 'the self-heal daemon of a node hangs without dying',
    standsFor:
      'R3; glusterfs#4296; measured 16a: its row says Y, and heal-count hangs and leaves the volume locked',
    needsWriter: false,
    shuts: [
      shut('C1', 'held', 'the kernel says that the daemon is stopped by a signal; its row says online'),
    ],
    noticedBy: ['SelfHealDaemonDown'],
    receipt: 'the kernel’s process table on that node',
    ends: 'SIGCONT',
    limit: 'stopped by a signal; one that waits for ever on a lock looks idle',
  },
  {
    ...HITS_THIRD,
    name: 'brick-killed',
    says: 'a brick process dies',
    standsFor: 'R7; brick "goes offline", glusterfs#2480; measured 03',
    needsWriter: true,
    shuts: [
      shut('B1', 'held', 'its row in volume status says N'),
      shut('B3b', 'held', 'no process serves the brick'),
      shut('C3', 'held', 'no client can be on a brick that has no process'),
      shut('C5', 'held', 'nothing listens on its port'),
      ...BRICK_AWAY,
    ],
    mayShut: WRITES_MISSED,
    noticedBy: ['BrickDown', 'QuorumMarginGone', 'HealStateUnknown'],
    receipt: 'the client on another node has lost its connection to the brick',
    ends: 'gluster volume start … force',
    limit: 'the page cache of the host keeps what the brick had not synced',
  },
  {
    ...HITS_THIRD,
    name: 'brick-stuck',
    says: 'a brick process hangs without dying: its connections stay, it answers nothing',
    standsFor: 'R16; glusterfs#1500; measured 19',
    needsWriter: false,
    shuts: [
      shut('B3b', 'held', 'the kernel says that the process is stopped by a signal'),
      shut('D2', ['held', 'unknown'], 'heal info gives up on a brick that does not answer'),
      shut('D3', ['held', 'unknown'], 'the same'),
    ],
    mayShut: [
      ...['A3a', 'C2', 'E1'].map((code) => ({
        code,
        why: 'the client’s tables answer as long as nothing waits for the brick',
      })),
      ...['B1', 'B2'].map((code) => ({ code, why: 'volume status asks the brick, or not' })),
      { code: 'C3', why: 'connections go after the ping time-out' },
      { code: 'C1', why: 'the same' },
      { code: 'D1', why: 'what was being written lands in the index when the brick is given up' },
      { code: 'D4', why: 'the same' },
      { code: 'D6', why: 'the same' },
    ],
    noticedBy: ['BrickDown'],
    receipt:
      'a write through another node’s mount does not come back; the kernel says that the process is stopped',
    ends: 'SIGCONT',
    limit: 'a stopped process, not a stopped file system: its kernel still takes bytes from the network',
  },
];

/** Needs nodes as shipped: those of other stories mend it within seconds (`brickGuard`). */
export const PORT_FAULTS: readonly Fault[] = [
  {
    ...HITS_THIRD,
    name: 'brick-forgotten',
    says: 'glusterd has started a brick and forgotten its port: it runs, no client finds it, nothing heals, for ever',
    standsFor:
      'R7; seen after 26 of 45 starts of glusterd (10.3, group virt): two of its own starts of one brick overtake each other',
    needsWriter: false,
    shuts: [
      shut(
        'B1',
        ['held', 'unknown'],
        'its row in volume status says N, or Y without a port: the second way to lose the race',
      ),
      shut('B2', ['held', 'unknown'], 'a process serves the brick, and the table has none'),
      ...BRICK_AWAY,
    ],
    mayShut: [
      ...WRITES_MISSED,
      { code: 'C3', why: 'no client is on the brick, but for one that kept its port' },
      { code: 'C5', why: 'it listens, on a port that nobody is told' },
      { code: 'B3b', why: 'the second start leaves a process for a moment' },
    ],
    noticedBy: ['BrickDown'],
    receipt:
      'the client on another node can’t connect to it; the kernel of its node says that it runs and listens',
    ends: 'gluster volume start … force',
    limit: 'glusterd is started again until the race is lost',
  },
];
