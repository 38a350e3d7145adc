#!/bin/sh
# Specimen: the sum of the last characters, as oVirt's cluster_upgrade role computes it: lines "Number of entries: <digits>", of each
# the last character as a number, summed; 0 is go; 6 tries, 300 s apart. Its fault: 10, 120 and 1000 count as 0, and a line with "-" is
# not even looked at. The arithmetic of the role's Jinja filters, rebuilt in awk.
try=1
while :; do
  if text=$(gluster volume heal "$HEALPROOF_VOLUME" info); then
    sum=$(printf '%s\n' "$text" | awk '/^Number of entries: [0-9]/ { sum += substr($0, length($0)) } END { print sum + 0 }')
    [ "$sum" -ne 0 ] || exit 0
  fi
  [ "$try" -lt 6 ] || exit 1
  try=$((try + 1))
  sleep 300
done
