/**
 * Known outages and bugs, and what of this project shows each of them. Only what really runs is named: a story that is played in a lab, a
 * capture from real bricks that is judged anew, or a test with the bricks of an upstream regression test.
 */
import type { FileState } from '../../harness/index.ts';

/** Where the outage or the bug is known from; `#N` is an issue of gluster/glusterfs, `….t` a test of GlusterFS itself. */
export type Known = {
  readonly id: string;
  readonly what: string;
  readonly from: string;
} & Shows;

export type Shows =
  /** Played in a lab: these oracles must be broken. The five nights are played by every `healproof test`, the others with `--all`, nightly. */
  | {
      readonly by: 'story';
      readonly story: string;
      readonly breaks: readonly string[];
      readonly played: 'every time' | 'nightly';
    }
  /** A folder of harness/afr/golden, by GlusterFS's version: what inspect must say of it. */
  | { readonly by: 'capture'; readonly capture: string; readonly state: FileState }
  /** Tests whose names hold this must pass; no GlusterFS runs in them. */
  | { readonly by: 'test'; readonly test: string };

const night = (name: string, breaks: readonly string[]): Shows => ({
  by: 'story',
  story: name,
  breaks,
  played: 'every time',
});
const nightly = (name: string, breaks: readonly string[]): Shows => ({
  by: 'story',
  story: name,
  breaks,
  played: 'nightly',
});
const capture = (name: string, state: FileState): Shows => ({ by: 'capture', capture: name, state });

const LIVED: readonly Known[] = [
  {
    id: 'incident',
    what: 'three nodes upgraded one after the other with a fixed delay: router disks in split-brain, both routers down',
    from: 'the incident',
    ...night('fixed-delay-replica-2', [
      'no-split-brain',
      'no-lost-write',
      'router-disk-readable',
      'gate-honest',
    ]),
  },
  {
    id: 'nobody-wakes',
    what: 'the alert goes to one phone whose owner sleeps; nobody can reach the site but on foot',
    from: 'the incident',
    ...nightly('on-call-sleeps', ['person-acknowledged', 'gateway-available', 'operator-reach']),
  },
  {
    id: 'rolling-reboot-replica-3',
    what: 'rolling reboots without healing on three copies: the third takes away the only good one',
    from: '#538, bug-1417522-block-split-brain-resolution.t, bug-1363721.t',
    ...night('fixed-delay-replica-3', ['gateway-available', 'router-disk-readable', 'gate-honest']),
  },
  {
    id: 'zombie-master',
    what: 'a router goes on without its disk and stays master; there is no failover',
    from: 'pfSense on a suspended pool',
    ...nightly('zombie-master-replica-2', ['no-split-brain', 'router-disk-readable', 'gate-honest']),
  },
  {
    id: 'paused-routers',
    what: 'QEMU pauses a VM whose disk fails: both routers stop',
    from: 'werror=stop',
    ...nightly('paused-routers-replica-2', ['no-split-brain', 'gateway-available', 'router-disk-readable']),
  },
];

const CAPTURED: readonly Known[] = [
  {
    id: 'silent-byte-flip',
    what: 'bricks differ while every attribute is clean; heal info shows nothing',
    from: '#502, #1184',
    ...capture('silent-byte-flip', 'silent-divergence'),
  },
  {
    id: 'name-missing',
    what: 'a file is missing on one brick; heal info shows nothing',
    from: '#976',
    ...capture('name-missing-silently', 'silent-divergence'),
  },
  {
    id: 'cyclic-blame',
    what: 'bricks accuse each other in a circle: unreadable, never healed, never called split-brain',
    from: '#941, bug-1539358-split-brain-detection.t',
    ...capture('cyclic-blame', 'cyclic-blame'),
  },
  {
    id: 'two-stale',
    what: 'two bricks stale, one good: the next reboot is an outage',
    from: 'bug-1417522-block-split-brain-resolution.t',
    ...capture('two-stale-one-good', 'sole-good-copy'),
  },
  {
    id: 'sole-copy-down',
    what: 'the only good copy is down: unreadable, and heal info split-brain says 0',
    from: 'bug-1363721.t',
    ...capture('sole-good-copy-down', 'undecidable'),
  },
  {
    id: 'arbiter',
    what: 'a stale data brick and the arbiter are up, the good brick is down',
    from: '#538, arbiter.t',
    ...capture('arbiter-stale-data-brick', 'sole-good-copy'),
  },
  {
    id: 'favorite-child',
    what: 'favorite-child-policy throws away acknowledged writes without a message',
    from: '#4484, #4676',
    ...capture('favorite-child-mtime', 'split-brain'),
  },
  {
    id: 'data-split-brain',
    what: 'both bricks of two took writes alone',
    from: 'split-brain-heal-info.t',
    ...capture('data-split-brain', 'split-brain'),
  },
  {
    id: 'gfid-split-brain',
    what: 'two files under one name; heal info does not mark the name',
    from: 'bug-1756938-replica-3-sbrain-cli.t',
    ...capture('gfid-split-brain', 'split-brain'),
  },
  {
    id: 'type-split-brain',
    what: 'a file and a directory under one name: no command resolves it',
    from: 'split-brain-heal-info.t',
    ...capture('type-split-brain', 'split-brain'),
  },
  {
    id: 'stale-index',
    what: 'index entries of files that need no heal are counted as pending',
    from: 'bug-1190069-afr-stale-index-entries.t',
    ...capture('stale-index-entry', 'healing'),
  },
  {
    id: 'dirty-forever',
    what: 'a client dies between pre-op and post-op: dirty on all bricks, nobody accused',
    from: 'bug-1363721.t',
    ...capture('persistent-dirty', 'persistent-dirty'),
  },
  {
    id: 'brick-and-client-killed',
    what: 'brick and client die together: acknowledged writes read as old, nobody accused',
    from: 'measured on 10.3',
    ...capture('brick-and-client-killed', 'persistent-dirty'),
  },
  {
    id: 'rename-data-loss',
    what: 'renamed while the brick with the newer bytes was away',
    from: 'rename-data-loss.t',
    ...capture('renamed-while-away', 'sole-good-copy'),
  },
];

/** GlusterFS's own regression tests whose bricks are set up in harness/afr/judge.upstream-*.test.ts. */
const UPSTREAM = [
  ['bug-1539358-split-brain-detection.t', 'mutual and cyclic data accusations heal, they are no split-brain'],
  ['bug-1717819-metadata-split-brain-detection.t', 'the same for metadata'],
  [
    'bug-1626994-info-split-brain.t',
    'dirty directories are no split-brain, a circle of entry accusations is',
  ],
  ['bug-1756938-replica-3-sbrain-cli.t', 'split-brain of shards, and how each kind is resolved'],
  ['bug-1801624-entry-heal.t', 'a name made again while a brick was away'],
  ['bug-1433571-undo-pending-only-on-up-bricks.t', 'pairwise outages without quorum: everything comes back'],
  [
    'bug-1586020-mark-dirty-for-entry-txn-on-quorum-failure.t',
    'a name made on one brick only, when quorum failed',
  ],
  ['bug-1438255-do-not-mark-self-accusing-xattrs.t', 'a partial failure accuses the others only'],
  ['bug-1448804-check-quorum-type-values.t', 'quorum type "fixed" without a count is no quorum'],
  ['split-brain-healing.t', 'bigger-file, latest-mtime and source-brick'],
  ['bug-1386188-sbrain-fav-child.t', 'a split-brain heals only with a policy'],
  ['bug-1655052-sbrain-policy-same-size.t', 'the size policy can not decide between equal sizes'],
  ['gfid-mismatch.t', 'another gfid on one brick and clean attributes: EIO'],
  ['issue-3288-dir-gfid-mismatch-heal-option.t', 'two gfids of a directory are never healed by a policy'],
  ['granular-esh.t', 'the data word of a directory asks for a full crawl'],
  ['replace-brick-self-heal.t', 'an empty brick is filled from the other'],
  ['bug-1722507-type-mismatch-error-handling.t', 'a copy that lost its gfid gets it back'],
  ['bug-1749322-entry-heal-not-happening.t', 'missing names come from whoever has them'],
  ['bug-1180545.t', 'in a split directory only the name with two gfids stays split'],
  ['bug-1408712.t', 'shards made while a brick was away'],
] as const;

export const KNOWN: readonly Known[] = [
  ...LIVED,
  ...CAPTURED,
  ...UPSTREAM.map(([test, what]): Known => ({ id: test, what, from: test, by: 'test', test })),
];

/** Stories beside the five nights that must be played, too, so that everything known has been looked at. */
export const NIGHTLY_STORIES: readonly string[] = KNOWN.flatMap((one) =>
  one.by === 'story' && one.played === 'nightly' ? [one.story] : [],
);
