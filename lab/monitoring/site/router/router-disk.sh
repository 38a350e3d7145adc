#!/bin/sh
# Can this router still write to its own disk? For node exporter's textfile collector, each minute by cron on each router:
#
#   * * * * * root /usr/local/sbin/router-disk.sh router-a
#
# router-disk.sh NAME [FILE] [FOLDER] [SECONDS]
#   NAME     the router's name, as in the label `router` of targets/router.json
#   FILE     what is written: on the disk that the router lives on    (default: /var/lib/healproof-disk)
#   FOLDER   node exporter's --collector.textfile.directory: on tmpfs,
#            so that it can be written when the disk can't            (default: /run/healproof)
#   SECONDS  what takes longer has failed                             (default: 20)
name=${1:?write the name of this router}
file=${2:-/var/lib/healproof-disk}
folder=${3:-/run/healproof}

mkdir -p "$folder" && cd "$folder" || exit 1
rm -f written
# A write that hangs can't be killed. So nobody waits for it, and no other one is begun until it ends.
[ -e writing ] || {
  : >writing
  (dd if=/dev/zero of="$file" bs=4k count=1 conv=fsync && : >written; rm -f writing) >/dev/null 2>&1 &
}
sleep "${4:-20}"
ok=0
[ -e written ] && ok=1
echo "healproof_router_disk_ok{router=\"$name\"} $ok" >.healproof_router_disk.new &&
  mv .healproof_router_disk.new healproof_router_disk.prom
