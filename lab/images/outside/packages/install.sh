#!/bin/sh
# The packages of the people and pollers outside. Only programs: no service is started by any of them.
set -eu
export DEBIAN_FRONTEND=noninteractive
# The pages of Prometheus bring 220 MB of JavaScript; nobody looks at them.
printf 'force-unsafe-io\npath-exclude=/usr/share/javascript/*\n' >/etc/dpkg/dpkg.cfg.d/healproof
printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
chmod +x /usr/sbin/policy-rc.d

apt-get update -q
apt-get install -y -q --no-install-recommends \
  python3 curl busybox procps tini openssh-server openssh-client iproute2 iputils-ping \
  prometheus prometheus-alertmanager prometheus-blackbox-exporter

rm /usr/sbin/policy-rc.d
rm -f /etc/ssh/ssh_host_*
mkdir -p /root/.ssh /run/sshd /evidence
chmod 0700 /root /root/.ssh
rm -rf /usr/share/doc/* /usr/share/man/* /usr/share/locale/* /usr/share/info/* \
  /var/cache/debconf/*-old /var/lib/dpkg/*-old /var/log/*.log /var/log/apt
apt-get clean
rm -rf /var/lib/apt/lists/*
# Nothing is installed here later, and the builder's mirror is nobody's business.
rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/* /etc/apt/apt.conf.d/*proxy* /etc/apt/apt.conf.d/*mirror*
