/**
 * What the lease runs on a node. The only lines of Healproof that write on a real cluster, and only when a lease is asked for; the gate
 * itself reads.
 *
 * One file holds the lease: holder, node, token, ttl. It is read, judged and replaced under a lock of the node, so that of two who come
 * at the same moment one sees the other. The file is replaced by rename, so that nobody reads half of it.
 */
import type { Command } from '../gluster/commands.ts';

const HEAD = String.raw`set -u
d=/var/lib/healproof; f=$d/lease; g=/var/lib/glusterd
uuid=; peers=
if [ -e "$g/glusterd.info" ]; then
  uuid=$(sed -n 's/^UUID=//p' "$g/glusterd.info") && peers=$(ls "$g/peers") || exit 5
fi
printf 'uuid=%s\n' "$uuid"
printf 'peers=%s\n' "$(echo $peers)"
field() { sed -n "s/^$1=//p" "$f" 2>/dev/null; }
# The clock that wrote is the clock that judges, and within one boot it is the one that never jumps.
age() {
  if [ "$(field boot)" = "$(cat /proc/sys/kernel/random/boot_id)" ]; then
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
  reads: 'the lease file (/var/lib/healproof/lease); glusterd.info and the names of its peers',
  why: 'who may take which node down at present, and whose word on it counts',
  lock: 'none',
  limitSeconds: 10,
  urgent: true,
  sh: `${HEAD}tell`,
};

/** `wish`: a renewal never ends a lease earlier than was promised; an age of a clock that went back promises nothing. */
const LOCK = String.raw`mkdir -p -m 700 "$d" || exit 6
exec 9>"$d/lock"; flock -w 8 9 || { echo "somebody else is at the lease ($d/lock)" >&2; exit 7; }
put() {
  printf 'holder=%s\nnode=%s\ntoken=%s\nttl=%s\nboot=%s\nup=%s\n' "$HOLDER" "$NODE" "$1" "$TTL" \
    "$(cat /proc/sys/kernel/random/boot_id)" "$(cut -d. -f1 /proc/uptime)" >"$f.$TOKEN" && mv "$f.$TOKEN" "$f" || exit 6
}
fresh() { [ -e "$f" ] && [ "$(age)" -lt "$(field ttl)" ]; }
mine() { [ "$(field token)" = "$TOKEN" ]; }
same() { [ "$(field holder)" = "$HOLDER" ] && [ "$(field node)" = "$NODE" ]; }
wish() {
  if ! fresh; then put "$TOKEN"; echo said=granted
  elif mine || same; then
    said=renewed; ! mine || said=granted
    had=$(field ttl); left=$((had - $(age)))
    [ "$left" -le "$TTL" ] || [ "$left" -gt "$had" ] || TTL=$left
    put "$1"; echo said=$said
  else echo said=held; fi
}
`;

const writing = (name: string, reads: string, why: string, body: string): Command => ({
  name,
  reads,
  why,
  lock: 'none',
  limitSeconds: 20,
  urgent: true,
  sh: `${HEAD}${LOCK}${body}\ntell`,
});

export const TAKE = writing(
  'lease-take',
  'writes the lease file, unless somebody else’s is fresh; one of the same owner for the same node is renewed and keeps its token',
  'the lease is this node’s word that nobody else has it',
  'wish "$(field token)"',
);

export const RENEW = writing(
  'lease-renew',
  'writes the lease file anew, unless somebody else’s is fresh',
  'the heartbeat of who waits; a node that was away learns of the lease',
  'wish "$(field token)"',
);

export const KEEP = writing(
  'lease-keep',
  'writes the lease file anew with the token of who asks, unless somebody else’s is fresh',
  'the gate opened: another gate of the same owner, ending shut, must not give back what this one acts on',
  'wish "$TOKEN"',
);

export const RELEASE = writing(
  'lease-release',
  'removes the lease file when it has this token, or this holder, or by force',
  'so that the next one need not wait for the time to live',
  'if mine || { [ "$TOKEN" = any ] && [ "$(field holder)" = "$HOLDER" ]; } || [ "$TOKEN" = force ]; then\n' +
    '  rm -f "$f" || exit 6; echo said=released\n' +
    'elif fresh; then echo said=held; else echo said=none; fi',
);

/** What writes; SHOW only reads, and is in the list of the gate. */
export const LEASE_COMMANDS: readonly Command[] = [TAKE, RENEW, KEEP, RELEASE];
