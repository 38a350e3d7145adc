/** Faults that somebody typed, or that an upgrade left behind. */
import { shut } from './fault.ts';
import type { Fault } from './fault.ts';
import { HITS_THIRD } from './processes.ts';

export const CONFIGURATION_FAULTS: readonly Fault[] = [
  {
    ...HITS_THIRD,
    name: 'self-heal-disabled',
    says: 'healing is switched off by an option',
    standsFor: 'R3; an option that was left off after an incident',
    needsWriter: false,
    shuts: [
      shut('A3b', 'refused', 'the option says so'),
      shut('B1', 'unknown', 'switched off, the daemons have no rows'),
    ],
    noticedBy: ['UnsafeConfiguration'],
    receipt: 'volume info, asked on another node, whose glusterd refuses to ask the daemons',
    ends: 'gluster volume reset … cluster.self-heal-daemon',
    limit: 'none',
  },
  {
    ...HITS_THIRD,
    name: 'quorum-switched-off',
    says: 'client quorum is switched off by an option',
    standsFor: 'R10',
    needsWriter: false,
    shuts: [shut('A3a', 'refused', 'without quorum bricks may be written alone in turn: split-brain')],
    noticedBy: ['UnsafeConfiguration'],
    receipt: 'the running client on another node says which quorum it uses',
    ends: 'the option is set back',
    limit: 'none',
  },
  {
    ...HITS_THIRD,
    name: 'favorite-child',
    says: 'split-brains are resolved silently, by the newest time of change',
    standsFor: 'R10; glusterfs#4484; measured 20: 8 of 28 acknowledged writes lost, no error, every count 0',
    needsWriter: false,
    shuts: [shut('A3c', 'refused', 'the option says so')],
    noticedBy: ['UnsafeConfiguration'],
    receipt: 'volume info, asked on another node',
    ends: 'gluster volume reset … cluster.favorite-child-policy',
    limit: 'none',
  },
  {
    ...HITS_THIRD,
    name: 'peer-rejected',
    says: 'a node has another idea of the volume and is rejected by its peers',
    standsFor: 'R19; glusterfs#3066, #4016; seen after upgrades',
    needsWriter: false,
    shuts: [
      shut('A1', 'refused', 'its record of the volume differs'),
      shut('A2', 'refused', 'Peer Rejected'),
      shut('B1', 'unknown', 'rows of a rejected peer are missing'),
    ],
    mayShut: [
      { code: 'B2', why: 'its processes are compared with rows where there are any' },
      { code: 'D2', why: 'heal info asks glusterd for the brick’s port' },
      { code: 'D3', why: 'the same' },
      { code: 'C3', why: 'its glusterd starts its self-heal daemon again' },
      { code: 'C1', why: 'the same' },
      { code: 'E2', why: 'a rejected peer may or may not count as connected' },
    ],
    noticedBy: ['PeerRejected'],
    receipt: 'peer status, asked on another node',
    ends: 'glusterd is stopped, its record of the volume put back as it was, glusterd started',
    limit: 'one line of the volume’s record differs, not the version of GlusterFS',
  },
];
