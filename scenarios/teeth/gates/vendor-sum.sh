#!/bin/sh
# Specimen: the sum of the fourth words, as GlusterFS's own script for stopping a node does it when asked to look first (`-g`).
# Its fault: "-" adds up to 0, and so does no output at all. Rebuilt from its description, not copied.
pending=0
for volume in $(gluster --mode=script volume list); do
  sum=$(gluster --mode=script volume heal "$volume" info | awk '/Number of entries/ { sum += $4 } END { print sum + 0 }')
  [ "$sum" -eq 0 ] || pending=1
done
[ "$pending" = 0 ] || exit 65
exit 0
