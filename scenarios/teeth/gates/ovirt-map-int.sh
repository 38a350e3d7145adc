#!/bin/sh
# Specimen: the sum of the whole numbers, the earlier form of the same role. Jinja's `int` turns whatever is no number into 0, so a
# brick that could not be asked counts as healed.
try=1
while :; do
  if text=$(gluster volume heal "$HEALPROOF_VOLUME" info); then
    sum=$(printf '%s\n' "$text" | awk -F': ' '/^Number of entries: / { sum += ($2 ~ /^[0-9]+$/ ? $2 : 0) } END { print sum + 0 }')
    [ "$sum" -ne 0 ] || exit 0
  fi
  [ "$try" -lt 6 ] || exit 1
  try=$((try + 1))
  sleep 300
done
