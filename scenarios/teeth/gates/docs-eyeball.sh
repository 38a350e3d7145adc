#!/bin/sh
# Specimen: the generic upgrade procedure's "check the heal backlog" as people put it into a script: one look, for a line with a number.
if gluster volume heal "$HEALPROOF_VOLUME" info | grep -q 'Number of entries: [1-9]'; then
  echo 'there are files to heal'
  exit 1
fi
exit 0
