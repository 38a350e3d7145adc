#!/bin/sh
# Last step of the image: the units that rootfs/ brought, and file modes that git does not keep.
set -eu
systemctl enable glusterd.service ssh.service healproof-storage.service healproof-marks.service \
  healproof-vm-watch.service pve-guests.service healproof-ha.service healproof-gluster-watch.service healproof-brick-guard.service \
  prometheus-node-exporter.service
mkdir -p /root/.ssh /mnt/pve/vmstore /mnt/backup /bricks /evidence /etc/healproof /var/log/journal
chmod 0700 /root /root/.ssh
ldconfig
# Else each node compiles its modules at its first boot, when all three boot at once.
python3 -m compileall -q /usr/lib/healproof
