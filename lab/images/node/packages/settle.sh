#!/bin/sh
# What a node is after installation: the older kernel package is installed, the only package source is the
# repository inside the image, and nothing runs at boot that a container does not need.
set -eu

dpkg -i /opt/healproof/repo/pve-kernel-lab_6.8.4-1_all.deb
rm -f /run/reboot-required /run/reboot-required.pkgs

rm -rf /etc/apt/sources.list /etc/apt/sources.list.d /etc/apt/apt.conf.d/*proxy* /etc/apt/apt.conf.d/*mirror*
mkdir /etc/apt/sources.list.d
# trusted: the repository is a directory of this image, there is nobody to sign it against
echo 'deb [trusted=yes] file:/opt/healproof/repo ./' >/etc/apt/sources.list.d/healproof.list
rm -f /etc/apt/apt.conf.d/70debconf
printf 'Acquire::Languages "none";\nAPT::Install-Recommends "false";\n' >/etc/apt/apt.conf.d/90healproof

# What glusterd runs after each `volume set` and `start` for Samba, CTDB, NFS-Ganesha and SELinux, none of which is here.
rm -f /var/lib/glusterd/hooks/1/*/*/S*

cd /etc/systemd/system
for unit in \
  systemd-udevd.service systemd-udevd-control.socket systemd-udevd-kernel.socket systemd-udev-trigger.service \
  systemd-networkd.service systemd-resolved.service systemd-timesyncd.service \
  systemd-remount-fs.service systemd-update-utmp.service systemd-update-utmp-runlevel.service \
  systemd-ask-password-console.path systemd-ask-password-wall.path systemd-pstore.service \
  systemd-hwdb-update.service systemd-modules-load.service systemd-random-seed.service systemd-sysusers.service \
  networking.service ifupdown-pre.service ifup@.service \
  getty.target getty@.service console-getty.service serial-getty@.service \
  dev-hugepages.mount sys-fs-fuse-connections.mount sys-kernel-debug.mount sys-kernel-config.mount \
  apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service \
  fstrim.timer man-db.timer systemd-tmpfiles-clean.timer \
  glustereventsd.service gluster-ta-volume.service nftables.service; do
  ln -sf /dev/null "$unit"
done
ln -sf /lib/systemd/system/multi-user.target default.target
# Not at boot, but "reboot" and "shutdown" ask for it by D-Bus, and then it starts.
rm -f /lib/systemd/system/multi-user.target.wants/systemd-logind.service
