/**
 * Everything that observation ever sends to a node, and nothing else. All of it reads; none of it heals, sets, starts or stops
 * anything. Each entry says what it reads, why, and which lock it takes. Every one has its own deadline.
 *
 * Never sent: `statistics heal-count` (with a stuck self-heal daemon it hangs and leaves the volume locked), `volume heal` without
 * `info`, `volume set`, anything that writes.
 */
import { cli, describe, overLocalBricks } from './command.ts';
import type { Command } from './command.ts';
import { CONFIG, LOGS, PROCESSES, REACH, STORAGE } from './commands-node.ts';
import { AUTOMATION, BACKUPS, CLUSTER, GUESTS, ROLES } from './commands-site.ts';
import { PART } from './sections.ts';

export type { Command } from './command.ts';

export const IDENTITY: Command = {
  name: 'identity',
  reads: 'glusterd.info, boot id, start of PID 1, uptime, clock',
  why: 'to know which peer this is, and whether it rebooted between two looks',
  lock: 'none',
  limitSeconds: 3,
  sh: String.raw`while IFS= read -r l; do case $l in UUID=*) printf 'uuid=%s\n' "${'$'}{l#UUID=}" ;; esac; done </var/lib/glusterd/glusterd.info
read -r boot </proc/sys/kernel/random/boot_id; printf 'boot=%s\n' "$boot"
IFS= read -r s </proc/1/stat; set -- ${'$'}{s##*) }; shift 19; printf 'init=%s\n' "$1"
read -r up _ </proc/uptime; printf 'uptime=%s\n' "$up"
printf 'now=%s\n' "$(date +%s%3N)"`,
};

export const LAYOUT: Command = {
  name: 'layout',
  reads: 'the client’s volfile in /var/lib/glusterd, without its credentials',
  why: 'which bricks form a replica set, and by which attribute each is accused',
  lock: 'none',
  limitSeconds: 3,
  sh: `grep -v -E '^ *option (username|password) ' "/var/lib/glusterd/vols/$V/trusted-$V.tcp-fuse.vol"`,
};

export const MOUNTS: Command = {
  name: 'mounts',
  reads: '/proc/self/mountinfo, and under each mount of the volume .meta/graphs/active/*/private',
  why: 'the client’s own word on which bricks it is connected to; status tables do not show it',
  lock: 'none',
  limitSeconds: 5,
  sh: `${PART}
while read -r _ _ _ r m o; do
  o=\${o##* - }
  t=\${o%% *} s=\${o#* }
  s=\${s%% *}
  [ "$t" = fuse.glusterfs ] || continue
  # A folder of it that is mounted once more elsewhere is the same client, and has no .meta.
  [ "$r" = / ] || continue
  case $s in *":/$V" | *":$V") ;; *) continue ;; esac
  part "mount $m"
  n=0
  for d in "$m/.meta/graphs/active/$V-client-"* "$m/.meta/graphs/active/$V-replicate-"*; do
    [ -e "$d/private" ] || continue
    n=$((n + 1))
    part "table \${d##*/}"
    cat "$d/private" || part "failed \${d##*/}"
  done
  [ "$n" -gt 0 ] || part "failed $m/.meta"
done </proc/self/mountinfo`,
};

export const INDEX: Command = {
  name: 'index',
  reads: 'names below .glusterfs/indices of each local brick',
  why: 'what the self-heal daemon itself works from; flat in time, whatever the backlog',
  silent: true,
  lock: 'none',
  limitSeconds: 10,
  sh: overLocalBricks(`part index
    cd "$p/.glusterfs/indices" || exit 1
    find xattrop dirty -mindepth 1 -maxdepth 1 -printf '%h %f\\n' || exit 1
    [ ! -d entry-changes ] || find entry-changes -mindepth 2 -printf '%h %f\\n' || exit 1`),
};

/**
 * Paths of the brick's root, `.shard`, all shards, the images and the folders above them, NUL after each. Shards are spread over the replica
 * sets whatever set holds their image, so a brick can't tell whose they are; and a shard that is orphaned is a wound, too.
 */
const AUDITED = `{
    printf '%s\\0' "$p"
    [ ! -d "$p/.shard" ] || find "$p/.shard" -maxdepth 1 \\( -path "$p/.shard" -o -type f \\) -print0
    set -f
    for g in $IMAGES; do
      set +f
      for i in "$p"/$g; do
        [ -e "$i" ] || continue
        d=$i
        while [ "$d" != "$p" ]; do printf '%s\\0' "$d"; d=\${d%/*}; done
      done
    done
    } | sort -zu`;

/** `$IMAGES`: patterns below the brick's root. */
export const AUDIT: Command = {
  name: 'audit',
  reads: 'attributes of VM images, all shards and the folders above them, on each local brick',
  why: 'cyclic blame and files that one brick lacks are in no listing of the CLI',
  silent: true,
  lock: 'none',
  limitSeconds: 60,
  sh: overLocalBricks(`${AUDITED} | ${describe(false)}`),
};

/** `$COLD`: minutes; only files that nobody has written to for that long can be compared from brick to brick. */
export const AUDIT_SUMS: Command = {
  name: 'audit-sums',
  reads:
    'the sha256 of VM images and shards that nobody has written to lately, on each local brick, at idle priority',
  why: 'copies may differ without any accusation: nothing but the bytes shows it',
  silent: true,
  lock: 'none',
  limitSeconds: 1800,
  sh: overLocalBricks(
    `${AUDITED} | xargs -0r sh -c 'find "$@" -maxdepth 0 -type f -mmin +"$COLD" -print0' sh | nice -n 19 ionice -c 3 ${describe(true)}`,
  ),
};

/** `$GFIDS`: files that some brick's index names. */
export const AUDIT_GFIDS: Command = {
  name: 'audit-gfids',
  reads: 'attributes of the files whose gfids some index names, on each local brick',
  why: 'a file is listed on the bricks that are good: what the others hold must be read there',
  silent: true,
  lock: 'none',
  limitSeconds: 30,
  sh: overLocalBricks(`for g in $GFIDS; do
      l="$p/.glusterfs/$(printf %s "$g" | cut -c1-2)/$(printf %s "$g" | cut -c3-4)/$g"
      if [ -h "$l" ]; then printf '%s/.\\0' "$l"; elif [ -f "$l" ]; then printf '%s\\0' "$l"; fi
    done | ${describe(false)}`),
};

const everyFile = (sums: boolean): string =>
  overLocalBricks(`find "$p" -path "$p/.glusterfs" -prune -o -print0 | ${describe(sums)}`);

/** The final look: every file of every local brick. */
export const FILES: Command = {
  name: 'files',
  reads: 'every file of each local brick with its attributes, .glusterfs left out',
  why: 'the state of the data as it is, whatever any daemon says about it',
  silent: true,
  lock: 'none',
  limitSeconds: 60,
  sh: everyFile(false),
};

export const FILES_WITH_SUMS: Command = {
  ...FILES,
  name: 'files-with-sums',
  reads:
    'every file of each local brick with its attributes and the sha256 of its content, .glusterfs left out',
  limitSeconds: 120,
  sh: everyFile(true),
};

export const INFO: Command = {
  name: 'volume-info',
  reads: 'glusterd’s own record of the volume and its options',
  why: 'layout and configuration as this node has them',
  lock: 'none',
  limitSeconds: 10,
  sh: cli('--timeout=8 --xml volume info "$V"'),
};

export const PEERS: Command = {
  name: 'peer-status',
  reads: 'this node’s table of its peers',
  why: 'peering is each node’s own opinion',
  lock: 'none',
  limitSeconds: 10,
  sh: cli('--timeout=8 --xml peer status'),
};

export const POOL: Command = {
  name: 'pool-list',
  reads: 'this node’s table of the pool',
  why: 'to notice a member that nobody asked',
  lock: 'none',
  limitSeconds: 10,
  sh: cli('--timeout=8 --xml pool list'),
};

/** One node after the other: two at once would refuse each other's lock. */
export const STATUS: Command = {
  name: 'volume-status',
  reads: 'bricks and self-heal daemons with ports and pids, and running tasks',
  why: 'each node’s view of all processes',
  lock: 'volume',
  limitSeconds: 15,
  sh: cli('--timeout=13 --xml volume status "$V"'),
};

/** Asked of one node only, after `volume status`. */
export const CLIENTS: Command = {
  name: 'volume-status-clients',
  reads: 'the clients of every brick with their op-versions',
  why: 'a client that is too old for an option of the volume grows a backlog, and only a brick knows its version',
  lock: 'volume',
  limitSeconds: 15,
  sh: cli('--timeout=13 --xml volume status "$V" clients'),
};

export const HEAL_INFO: Command = {
  name: 'heal-info',
  reads: 'the pending files of every brick, by a client of its own (glfsheal)',
  why: 'the only place that marks a split-brain',
  lock: 'none',
  limitSeconds: 30,
  sh: cli('volume heal "$V" info'),
};

export const HEAL_INFO_XML: Command = {
  name: 'heal-info-xml',
  reads: 'the same as XML',
  why: 'statuses and numbers in a form that file names can’t forge',
  lock: 'none',
  limitSeconds: 30,
  sh: cli('--xml volume heal "$V" info'),
};

export const SPLIT_BRAIN: Command = {
  name: 'split-brain',
  reads: 'the files in split-brain',
  why: 'a second count of them; zero proves nothing while a brick is down',
  lock: 'none',
  limitSeconds: 30,
  sh: cli('volume heal "$V" info split-brain'),
};

/** Everything of the above, in the order in which a gate uses it. */
export const COMMANDS: readonly Command[] = [
  IDENTITY,
  LAYOUT,
  MOUNTS,
  INDEX,
  INFO,
  PEERS,
  POOL,
  STATUS,
  CLIENTS,
  HEAL_INFO,
  HEAL_INFO_XML,
  SPLIT_BRAIN,
  AUDIT,
  AUDIT_GFIDS,
  PROCESSES,
  STORAGE,
  CONFIG,
  LOGS,
  REACH,
  AUDIT_SUMS,
  CLUSTER,
  AUTOMATION,
  GUESTS,
  BACKUPS,
  ROLES,
  FILES,
  FILES_WITH_SUMS,
];
