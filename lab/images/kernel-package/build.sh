#!/bin/sh
# build.sh OUT: builds the harmless package that stands for the kernel, in two versions, as a flat repository.
# Done by hand with dpkg-deb: dpkg-scanpackages would need all of dpkg-dev and perl.
set -eu
out=$1
here=$(dirname "$0")
mkdir -p "$out"

one_version() {
  version=$1
  root=$(mktemp -d)
  mkdir -p "$root/DEBIAN" "$root/usr/share/pve-kernel-lab"
  echo "$version" >"$root/usr/share/pve-kernel-lab/version"
  sed "s/@VERSION@/$version/" "$here/control.in" >"$root/DEBIAN/control"
  cp "$here/postinst" "$root/DEBIAN/postinst"
  chmod 0755 "$root" "$root/DEBIAN" "$root/DEBIAN/postinst"
  dpkg-deb --root-owner-group -Znone --build "$root" "$out/pve-kernel-lab_${version}_all.deb"
  rm -rf "$root"
}

one_version 6.8.4-1
one_version 6.8.12-1

cd "$out"
for deb in *.deb; do
  dpkg-deb --field "$deb"
  echo "Filename: ./$deb"
  echo "Size: $(stat -c %s "$deb")"
  echo "SHA256: $(sha256sum "$deb" | cut -d' ' -f1)"
  echo
done >Packages
{
  echo 'Origin: healproof'
  echo 'Suite: lab'
  echo 'Date: Thu, 01 Jan 2026 00:00:00 UTC'
  echo 'SHA256:'
  echo " $(sha256sum Packages | cut -d' ' -f1) $(stat -c %s Packages) Packages"
} >Release
