#!/bin/sh
# Node exporter, as a site has it on its hypervisors. A layer of its own: it must not cost the others a new installation.
set -eu
export DEBIAN_FRONTEND=noninteractive
printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
chmod +x /usr/sbin/policy-rc.d
apt-get update -q
apt-get install -y -q --no-install-recommends prometheus-node-exporter
rm /usr/sbin/policy-rc.d
rm -rf /usr/share/doc/* /usr/share/man/* /var/cache/debconf/*-old /var/lib/dpkg/*-old /var/log/*.log /var/log/apt
apt-get clean
rm -rf /var/lib/apt/lists/*
