#!/bin/bash
# Builds the router guest: build.sh OUTDIR -> vmlinuz, initrd.gz, diskroot/ (what make-router-disk puts on a disk), kernel-version
# Needs, on Debian 12 (amd64), installed: gcc libc6-dev binutils. Everything else is fetched with apt-get download
# and only unpacked: linux-image-*-cloud-amd64 (the newest), busybox-static, e2fsck-static, ucarp, libpcap0.8.
set -euo pipefail
out=$(realpath -m "$1")
here=$(dirname "$(realpath "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out" "$work/debs" "$work/root"

fetch_packages() {
  local kernel
  kernel=$(apt-cache pkgnames linux-image- | grep -E '^linux-image-[0-9.]+-[0-9]+-cloud-amd64$' | sort -V | tail -1)
  [ -n "$kernel" ] || { echo "build.sh: apt knows no linux-image-*-cloud-amd64; run apt-get update" >&2; exit 1; }
  (cd "$work/debs" && apt-get download -o APT::Sandbox::User=root "$kernel" busybox-static e2fsck-static ucarp libpcap0.8)
  for deb in "$work"/debs/*.deb; do dpkg-deb -x "$deb" "$work/root"; done
}

# libpcap links libdbus only to sniff D-Bus; the real one drags in 5 MB of systemd and crypto libraries.
stub_libdbus() {
  local pcap=$1 to=$2
  { echo 'void abort(void);'
    objdump -T "$pcap" | awk '$NF ~ /^dbus_/ { print "void " $NF "(void) { abort(); }" }'; } >"$work/dbus.c"
  echo 'LIBDBUS_1_3 { global: dbus_*; };' >"$work/dbus.map"
  gcc -shared -fPIC -Wl,-soname,libdbus-1.so.3 -Wl,--version-script="$work/dbus.map" -o "$to" "$work/dbus.c"
}

# ucarp, its two libraries and the loader, all in one folder of RAM.
collect_carp() {
  local dir=$1 lib=$work/root/usr/lib/x86_64-linux-gnu
  mkdir -p "$dir"
  cp "$work/root/usr/sbin/ucarp" "$dir/ucarp.bin"
  cp -L "$lib/libpcap.so.0.8" /lib/x86_64-linux-gnu/libc.so.6 /lib64/ld-linux-x86-64.so.2 "$dir/"
  stub_libdbus "$dir/libpcap.so.0.8" "$dir/libdbus-1.so.3"
  strip --strip-unneeded "$dir"/*.so* 2>/dev/null || true
  install -m 755 "$here/initramfs/carp-up" "$dir/up"
  install -m 755 "$here/initramfs/carp-down" "$dir/down"
}

build_initrd() {
  local root=$work/initramfs kernel modules="virtio_ring virtio virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci failover net_failover virtio_net virtio_blk"
  kernel=$(ls "$work/root/lib/modules")
  echo "$kernel" >"$out/kernel-version"
  mkdir -p "$root"/{bin,modules,proc,sys,dev,run,disk}
  for module in $modules; do cp "$(find "$work/root/lib/modules" -name "$module.ko")" "$root/modules/"; done
  strip --strip-debug "$root"/modules/*.ko
  cp "$work/root/bin/busybox" "$root/bin/"
  for applet in sh mount insmod ip stty usleep poweroff mv cp; do ln -s busybox "$root/bin/$applet"; done
  cp "$work/root/sbin/e2fsck.static" "$root/bin/e2fsck"
  cp "$work/routerd" "$root/bin/"
  collect_carp "$root/carp"
  install -m 755 "$here/initramfs/init" "$root/init"
  (cd "$root" && find . | "$work/root/bin/busybox" cpio -o -H newc -R 0:0 2>/dev/null | gzip -9n) >"$out/initrd.gz"
}

# What a router has on its disk: its program and its configuration. The journal and the graphs, which
# are most of it, are allocated by make-router-disk.
build_diskroot() {
  local root=$out/diskroot
  rm -rf "$root"
  mkdir -p "$root"/{sbin,proc,sys,dev,run,cf/conf,var/log,var/db/rrd}
  install -m 755 "$work/routerd" "$root/sbin/init"
  echo '<pfsense><version>modelled</version></pfsense>' >"$root/cf/conf/config.xml"
}

fetch_packages
gcc -O2 -Wall -Wextra -Werror -static -s -o "$work/routerd" "$here"/{routerd,journal,churn,writer}.c
build_initrd
build_diskroot
cp "$work"/root/boot/vmlinuz-* "$out/vmlinuz"
du -sh "$out"/* >&2
