/** What surrounds the volume on a Proxmox VE node: cluster, guests, automation, backups, routers. Read by the operator's gate only. */
import { overProcesses } from './command.ts';
import type { Command } from './command.ts';
import { PART } from './sections.ts';

export const CLUSTER: Command = {
  name: 'pvecm-status',
  reads: 'votes and quorum of the hypervisors’ cluster',
  why: 'without quorum no guest can be started or moved, and HA fences',
  lock: 'none',
  limitSeconds: 10,
  sh: 'pvecm status',
};

/** Units of Debian, and of Red Hat and its kin, that install packages, and so restart daemons, by themselves. */
export const UPGRADERS: readonly string[] = [
  'unattended-upgrades.service',
  'apt-daily.timer',
  'apt-daily-upgrade.timer',
  'apt-daily-upgrade.service',
  'dnf-automatic.timer',
  'dnf-automatic-install.timer',
  'yum-cron.service',
];

export const AUTOMATION: Command = {
  name: 'automation',
  reads:
    'systemd’s state and its jobs, a reboot that is scheduled (/run/systemd/shutdown), units that upgrade packages by themselves, package managers that run',
  why: 'what restarts glusterd or the machine without asking anybody can come on top of a planned reboot',
  lock: 'none',
  limitSeconds: 5,
  sh: String.raw`${PART}
part system
systemctl is-system-running 2>&1
part jobs
systemctl list-jobs --no-legend --plain --no-pager 2>&1
cat /run/systemd/shutdown/scheduled 2>/dev/null || :
part units
systemctl show --no-pager -p Id,LoadState,UnitFileState,ActiveState ${UPGRADERS.join(' ')} || exit 1
part packaging
${overProcesses('apt | apt-get | aptitude | dpkg | unattended-upgr | pveupgrade | dnf | yum | rpm | zypper', 'echo "${p#/proc/} $name"')}
part all`,
};

export const GUESTS: Command = {
  name: 'guests',
  reads: '`qm list`, of each guest that runs `qm status --verbose`, and `pct list` where there is one',
  why: 'a node that goes down takes its guests along; one that stopped on a disk error is listed as running',
  lock: 'none',
  limitSeconds: 90,
  sh: String.raw`${PART}
l=$(qm list) || exit 1
part list
printf '%s\n' "$l"
for id in $(printf '%s\n' "$l" | awk 'NR != 1 && $3 != "stopped" { print $1 }'); do
  part "guest $id"
  qm status "$id" --verbose | grep -E '^(status|qmpstatus|lock):'
done
part containers
if command -v pct | grep -q .; then pct list || exit 1; fi
part all`,
};

/** `$FOLDERS`: where backups lie, as the site's description has it. */
export const BACKUPS: Command = {
  name: 'backups',
  reads:
    'names, sizes and times of vzdump’s files in the folders that the site’s description names, and what is mounted there',
  why: 'the last way back is a backup that does not lie on the volume itself',
  lock: 'none',
  limitSeconds: 20,
  sh: String.raw`${PART}
for d in $FOLDERS; do
  part "folder $d"
  findmnt -vPno SOURCE,FSTYPE --target "$d" || exit 1
  find "$d" -maxdepth 1 -type f -name 'vzdump-qemu-*' -printf '%s %T@ %f\n' || exit 1
done
part all`,
};

/** `$VIPS`: addresses that the routers share. One ping each makes the bridge learn, or refresh, where the answer comes from. */
export const ROLES: Command = {
  name: 'roles',
  reads:
    'which hardware address answers for the routers’ shared addresses, and behind which guest’s port the bridges learned it',
  why: 'whichever router is master is the one whose node must not go down first; two masters are none',
  lock: 'none',
  limitSeconds: 10,
  sh: String.raw`${PART}
for a in $VIPS; do
  part "address $a"
  ping -c 1 -W 1 -q "$a" | tail -n 1
  ip neigh show to "$a"
done
part fdb
bridge fdb show || exit 1
part all`,
};
