#!/bin/sh
# The packages of a node. Runs once at image build; everything that only a fresh install needs is removed again.
set -eu
export DEBIAN_FRONTEND=noninteractive

# No fsync per file: an image that breaks half-way is thrown away anyhow, and upgrades in the lab become quick.
echo force-unsafe-io >/etc/dpkg/dpkg.cfg.d/healproof
# Nothing may start while packages are being configured.
printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
chmod +x /usr/sbin/policy-rc.d

apt-get update -q
apt-get install -y -q --no-install-recommends \
  systemd systemd-sysv dbus openssh-server openssh-client \
  glusterfs-server glusterfs-client attr \
  qemu-system-x86 qemu-utils \
  iproute2 iptables nftables iputils-ping arping ucarp \
  python3 busybox procps e2fsprogs zstd curl libfaketime

rm /usr/sbin/policy-rc.d
# Geo-replication is a package of its own elsewhere. Here its mere presence makes every start of glusterd run
# a dozen Python programs first (2 s), and the lab never uses it.
rm -f /usr/lib/*/glusterfs/gsyncd /usr/libexec/glusterfs/gsyncd
# Each container makes its own identity.
rm -f /etc/ssh/ssh_host_* /etc/machine-id /var/lib/dbus/machine-id /var/lib/glusterd/glusterd.info
rm -rf /usr/share/doc/* /usr/share/man/* /usr/share/locale/* /usr/share/info/* \
  /var/cache/debconf/*-old /var/lib/dpkg/*-old /var/log/*.log /var/log/apt
apt-get clean
rm -rf /var/lib/apt/lists/*
