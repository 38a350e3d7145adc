/**
 * What a node's kernel, glusterd's files and GlusterFS's logs tell, without asking glusterd. Two commands that would tell more are left
 * out on purpose. SIGUSR1 makes a process write a state dump: that is a write on a live node, and a self-heal daemon that is stuck
 * does not even do it; its sockets and its state in /proc tell the same. `gluster get-state` also writes a file.
 */
import { overLocalBricks, overProcesses } from './command.ts';
import type { Command } from './command.ts';
import { PART } from './sections.ts';

/** A process may vanish between the list and the look at it; then it has no `stat`, and is none. */
export const PROCESSES: Command = {
  name: 'processes',
  reads:
    'GlusterFS’s processes, guests and what may serve the volume to others (Ganesha, Samba, tcmu-runner) in /proc (program, state, age, arguments), their TCP sockets, and the node’s addresses',
  why: 'which process really serves a brick and who is connected to it, whatever glusterd’s tables say; no lock, a tenth of a second',
  lock: 'none',
  limitSeconds: 5,
  sh: String.raw`${PART}
part uptime
read -r up _ </proc/uptime; echo "$up"
part addresses
ip -o addr show scope global | awk '{ sub("/.*", "", $4); print $4 }'
nl='
'
pids= e= m=
${overProcesses('gluster* | glfs* | qemu* | kvm* | ganesha* | smbd* | tcmu-runner*', 'pids="$pids ${p#/proc/}" e="$e $p/exe" m="$m $p/maps"')}
# One process asks for all of them; one that has ended since is left out.
exes=$nl$(find $e -maxdepth 0 -printf '%h %l\n' 2>/dev/null)$nl
replaced=$nl$(grep -c -E '\.so[.0-9]* \(deleted\)$' $m /dev/null 2>/dev/null)$nl
of() { case $1 in *"$nl$2"*) r=${'$'}{1#*"$nl$2"}; r=${'$'}{r%%"$nl"*} ;; *) r= ;; esac; }
for pid in $pids; do
  IFS= read -r s 2>/dev/null <"/proc/$pid/stat" || continue
  part "process $pid"
  printf 'stat=%s\n' "${'$'}{s##*) }"
  of "$exes" "/proc/$pid "; printf 'exe=%s\n' "$r"
  of "$replaced" "/proc/$pid/maps:"; printf 'replaced=%s\n' "$r"
  # A guest's arguments are nobody's business here.
  read -r name 2>/dev/null <"/proc/$pid/comm" || name=gone
  case $name in gluster*) all= ;; *) all=q ;; esac
  # Each argument ends with its NUL, behind a line break of ours.
  sed -z "s/^/arg=/;s/\$/\\n/;$all" "/proc/$pid/cmdline"
done
part sockets
ss -Hatnp || exit 1
part all`,
};

export const STORAGE: Command = {
  name: 'storage',
  reads:
    'the file system below each local brick: device, where mounted, options, space, inodes; the brick’s volume id',
  why: 'a brick whose file system is not mounted, read-only or full looks like any other folder',
  silent: true,
  lock: 'none',
  limitSeconds: 10,
  sh: overLocalBricks(`part storage
    [ -d "$p" ] || { echo missing; exit 0; }
    grep "^mount_dir=" "$f"
    findmnt -vPno SOURCE,TARGET,FSTYPE,OPTIONS --target "$p" || exit 1
    stat -f -c 'free=%a total=%b size=%S inodes=%c ifree=%d' "$p" || exit 1
    getfattr --absolute-names -h -n trusted.glusterfs.volume-id -e hex "$p" 2>/dev/null || echo no volume-id`),
};

export const CONFIG: Command = {
  name: 'config',
  reads:
    'the volume’s checksum, id and op-versions in /var/lib/glusterd, and the version of the installed program',
  why: 'a node whose record of the volume differs is rejected by the others at its next start',
  silent: true,
  lock: 'none',
  limitSeconds: 5,
  sh: String.raw`sed -n 's/^info=/checksum=/p' "/var/lib/glusterd/vols/$V/cksum" || exit 1
sed -n -E 's/^(volume-id|op-version|client-op-version)=/\1=/p' "/var/lib/glusterd/vols/$V/info" || exit 1
sed -n 's/^operating-version=/operating=/p' /var/lib/glusterd/glusterd.info || exit 1
printf 'installed=%s\n' "$(glusterfsd --version | sed -n -E '1s/^[^0-9]*([0-9][0-9.a-z]*).*/\1/p')"`,
};

/** Messages of afr, the RPC client, bricks and glusterd that tell of damage; only warnings and worse are read. */
export const TROUBLE =
  'split-brain|Gfid mismatch|no read subvols|uorum is not met|has not responded in the last|health-check failed|Server quorum lost|All subvolumes are down';

/** The last 4 MB of each log, and of each the last 40 lines that matter. */
export const LOGS: Command = {
  name: 'logs',
  reads:
    'warnings about split-brain, quorum, pings and failed bricks in /var/log/glusterfs, and disk errors of the kernel since boot (not of empty floppy and CD drives)',
  why: 'a wound that has closed by itself is still a reason to wait before the next one',
  lock: 'none',
  limitSeconds: 20,
  sh: `${PART}
TOLD='^\\[[^]]*\\] [WECA] .*(${TROUBLE})'
set -- /var/log/glusterfs/*.log /var/log/glusterfs/*.log.1 /var/log/glusterfs/bricks/*.log /var/log/glusterfs/bricks/*.log.1
nl='
'
# Small ones without such a line, by one process for all of them.
quiet=$nl$(find "$@" -maxdepth 0 -type f -size -8000k -print0 2>/dev/null | xargs -0r grep -L -a -E "$TOLD" 2>/dev/null)$nl
for l in "$@"; do
  [ -f "$l" ] || continue
  case $l in */glfsheal-* | */cli.log* | */cmd_history.log* | */gfproxy/*) continue ;; esac
  part "log $l"
  case $quiet in *"$nl$l$nl"*) continue ;; esac
  tail -c 4000000 "$l" | grep -a -E "$TOLD" | tail -n 40 | cut -c 1-400
done
part kernel-log
journalctl -k -b -q --no-pager -n 1 | wc -l
part kernel
journalctl -k -b -q --no-pager -o short-unix -n 20000 | grep -E 'I/O error|XFS .*([Ss]hutdown|[Cc]orruption)|EXT4-fs error|Remounting filesystem read-only' | grep -v -E 'dev (fd|sr)[0-9]' | tail -n 10 | cut -c 1-300
part all`,
};

/** `$PORTS`: `HOST:PORT …` of all bricks. Connections are opened and closed again, nothing is sent. */
export const REACH: Command = {
  name: 'reach',
  reads: 'whether this node can open a connection to every brick’s port',
  why: 'bricks get other ports at each start: old connections live on where a firewall would refuse a new one',
  lock: 'none',
  limitSeconds: 8,
  sh: String.raw`for t in $PORTS; do
  (
    # Timed by the shell that connects: on a busy node starting one takes longer than a connection may.
    if ms=$(timeout 3 bash -c 'b=$EPOCHREALTIME; exec 3<>"/dev/tcp/$0/$1" || exit 1; e=$EPOCHREALTIME; echo $(((${'$'}{e/./}0 - ${'$'}{b/./}0) / 10000))' "${'$'}{t%:*}" "${'$'}{t##*:}" 2>/dev/null); then r=1; else r=0 ms=0; fi
    printf '%s %s %s\n' "$t" "$r" "$ms"
  ) &
done
wait`,
};
