#!/bin/sh
# Specimen: heketi's rule for whether a brick can be taken away: it must not be a source for others (its number is "-" or 0), and enough
# of the other bricks must be listed. Its fault: "-" is taken for a brick that has nothing, being listed is taken for being online, and
# what is pending on other bricks does not count. The rule, rebuilt over the XML.
text=$(gluster volume heal "$HEALPROOF_VOLUME" info --xml) || exit 1
# Whoever decodes XML notices that it was cut off.
case $text in *'</cliOutput>'*) ;; *) exit 1 ;; esac
printf '%s' "$text" | tr -d '\n' | awk -v node="$HEALPROOF_NODE" '
  function inner(block, tag) {
    if (!match(block, "<" tag ">[^<]*")) return ""
    return substr(block, RSTART + length(tag) + 2, RLENGTH - length(tag) - 2)
  }
  BEGIN { RS = "</brick>" }
  /<brick / {
    name = inner($0, "name")
    if (name == "information not available") next
    entries = inner($0, "numberOfEntries")
    if (index(name, node ":") != 1) { others++; next }
    if (entries != "-" && entries != "0") source = 1
  }
  END { exit (source || others < 2) }'
