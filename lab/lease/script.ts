/**
 * What the lease runs on a node. The only lines of Healproof that write on a real cluster, and only when a lease is asked for; the gate
 * itself reads.
 *
 * One file holds the lease: holder, node, token, ttl. It is read, judged and replaced under a lock of the store, so that of two who come
 * at the same moment one sees the other. The file is replaced by rename, so that nobody reads half of it.
 */
import type { Command } from '../gluster/commands.ts';

const HEAD = String.raw`set -u
if grep -q ' /etc/pve fuse' /proc/mounts; then
  store=pmxcfs; d=/etc/pve/priv/healproof; m=/etc/pve/priv/lock/healproof
elif [ -e /usr/bin/pmxcfs ]; then
  echo "this is a Proxmox node whose /etc/pve is not mounted (is the unit pve-cluster active?)" >&2; exit 5
else
  store=node; d=/var/lib/healproof; m=
fi
f=$d/lease
printf 'store=%s\n' "$store"
printf 'pool=%s\n' "$(($(ls /var/lib/glusterd/peers 2>/dev/null | wc -l) + 1))"
field() { sed -n "s/^$1=//p" "$f" 2>/dev/null; }
# On the node's own disk the clock that wrote is the clock that judges, and within one boot it is the one that never jumps.
age() {
  if [ "$store" = node ] && [ "$(field boot)" = "$(cat /proc/sys/kernel/random/boot_id)" ]; then
    echo $(($(cut -d. -f1 /proc/uptime) - $(field up)))
  else
    echo $(($(date +%s) - $(stat -c %Y "$f")))
  fi
}
tell() {
  [ -e "$f" ] || { echo lease=none; return; }
  grep -E '^(holder|node|token|ttl)=' "$f" || return 1
  printf 'age=%s\n' "$(age)"
}
`;

export const SHOW: Command = {
  name: 'lease-show',
  reads:
    'the lease file, /etc/pve/priv/healproof/lease on Proxmox, else /var/lib/healproof/lease; the number of peers',
  why: 'who may take which node down at present',
  lock: 'none',
  limitSeconds: 10,
  urgent: true,
  sh: `${HEAD}tell`,
};

/** Seconds after its time to live before a lease on pmxcfs may be taken over: there another node's clock may have written its time. */
export const SKEW_SECONDS = 60;
/** pmxcfs itself frees a lock in priv/lock that nobody has touched for 120 s, when asked by setting its time to 0. */
const LOCK = String.raw`mkdir -p -m 700 "$d" || exit 6
if [ -n "$m" ]; then
  n=0
  until mkdir "$m" 2>/dev/null; do
    n=$((n + 1)); [ "$n" -lt 8 ] || { echo "somebody else is at the lease ($m)" >&2; exit 7; }
    touch -d @0 "$m" 2>/dev/null; sleep 1
  done
  trap 'rmdir "$m"' EXIT
else
  exec 9>"$d/lock"; flock -w 8 9 || { echo "somebody else is at the lease ($d/lock)" >&2; exit 7; }
fi
put() {
  printf 'holder=%s\nnode=%s\ntoken=%s\nttl=%s\nboot=%s\nup=%s\n' "$HOLDER" "$NODE" "$TOKEN" "$TTL" \
    "$(cat /proc/sys/kernel/random/boot_id)" "$(cut -d. -f1 /proc/uptime)" >"$f.$TOKEN" && mv "$f.$TOKEN" "$f"
}
slack=0; [ "$store" = node ] || slack=${SKEW_SECONDS}
fresh() { [ -e "$f" ] && [ "$(age)" -lt "$(($(field ttl) + slack))" ]; }
mine() { [ "$(field token)" = "$TOKEN" ]; }
same() { [ "$(field holder)" = "$HOLDER" ] && [ "$(field node)" = "$NODE" ]; }
`.replace('${SKEW_SECONDS}', String(SKEW_SECONDS));

const writing = (name: string, reads: string, why: string, body: string): Command => ({
  name,
  reads,
  why,
  lock: 'none',
  limitSeconds: 20,
  urgent: true,
  sh: `${HEAD}${LOCK}${body}`,
});

export const TAKE = writing(
  'lease-take',
  'writes the lease file, unless somebody else’s is fresh',
  'the lease is this node’s word that nobody else has it',
  'if fresh && ! same; then echo said=held; else put || exit 6; echo said=granted; fi\ntell',
);

export const RENEW = writing(
  'lease-renew',
  'writes the lease file anew, unless it is somebody else’s',
  'the heartbeat of who waits; a node that was away learns of the lease',
  'if [ -e "$f" ] && ! mine && fresh; then echo said=held; else put || exit 6; echo said=granted; fi\ntell',
);

export const RELEASE = writing(
  'lease-release',
  'removes the lease file when it has this token, or this holder and node',
  'so that the next one need not wait for the time to live',
  'if [ ! -e "$f" ]; then echo said=none\n' +
    'elif mine || { [ "$TOKEN" = any ] && [ "$(field holder)" = "$HOLDER" ]; } || [ "$TOKEN" = force ]; then rm -f "$f" && echo said=released\n' +
    'else echo said=held; fi\ntell',
);

/** What writes; SHOW only reads, and is in the list of the gate. */
export const LEASE_COMMANDS: readonly Command[] = [TAKE, RENEW, RELEASE];
