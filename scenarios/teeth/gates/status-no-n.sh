#!/bin/sh
# Specimen: "volume status shows no N". Its fault: a node that is away has no rows at all, and a backlog shows nowhere in the table.
if gluster volume status "$HEALPROOF_VOLUME" | awk 'NF > 1 && $(NF - 1) == "N" { found = 1 } END { exit !found }'; then
  echo 'something is not online'
  exit 1
fi
exit 0
