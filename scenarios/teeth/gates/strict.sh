#!/bin/sh
# A gate that believes nothing: everything from two other nodes, as XML where there is XML, three looks, and the bricks themselves. It
# shows that the adversary can be withstood by a script of a hundred lines; it is no replacement for `healproof gate`.
node=$HEALPROOF_NODE
volume=$HEALPROOF_VOLUME
bricks=3

no() { echo "no: $*"; exit 1; }

# $1: node, then a command for it; anything but exit code 0 ends the gate.
on() {
  where=$1
  shift
  timeout 60 ssh -n "$where" "$@" || no "$where: \"$*\" ended with $?"
}

# How often a pattern is in a text. Some versions print XML on one line, others (10.3) one element on each.
count() {
  case $2 in
    *'<'*) printf '%s' "$1" | tr -d '\n' | sed 's/> *</></g' ;;
    *) printf '%s' "$1" ;;
  esac | grep -o "$2" | wc -l
}

configured() {
  text=$(on "$1" gluster --mode=script --xml volume info "$volume") || no "$text"
  [ "$(count "$text" '<statusStr>Started</statusStr>')" = 1 ] || no 'the volume is not started'
  [ "$(count "$text" '<brick uuid=')" = "$bricks" ] || no "$1 does not know $bricks bricks"
  [ "$(count "$text" 'self-heal-daemon</name><value>off')" = 0 ] || no 'healing is switched off'
}

# Every other node connected and in the cluster.
peers() {
  text=$(on "$1" gluster --mode=script --xml peer status) || no "$text"
  [ "$(count "$text" '<connected>1</connected><state>3</state>')" = $((bricks - 1)) ] || no "$1 misses a peer"
}

# A row for each brick and each self-heal daemon, all online.
processes() {
  text=$(on "$1" gluster --mode=script --timeout=45 --xml volume status "$volume") || no "$text"
  [ "$(count "$text" '<hostname>Self-heal Daemon</hostname>')" = "$bricks" ] || no "$1 misses a self-heal daemon"
  [ "$(count "$text" '<status>1</status>')" = $((bricks * 2)) ] || no "$1 sees something that is not online"
}

# Every brick listed, connected and with the number 0, in XML; no mark of a split-brain in the text.
healed() {
  text=$(on "$1" gluster --xml volume heal "$volume" info) || no "$text"
  [ "$(count "$text" '<opRet>0</opRet>')" = 1 ] || no "heal info failed on $1"
  zero='<status>Connected</status><numberOfEntries>0</numberOfEntries></brick>'
  [ "$(count "$text" "$zero")" = "$bricks" ] || no "$1 does not list 0 for each of $bricks connected bricks"
  text=$(on "$1" gluster volume heal "$volume" info split-brain) || no "$text"
  [ "$(count "$text" 'Number of entries in split-brain: 0')" = "$bricks" ] || no "$1 sees a split-brain, or not all bricks"
}

# What no command shows: the client's own tables, the raw index, and who accuses whom. Sets `dirty`: what is being written there.
raw() {
  text=$(on "$1" 'set -e
    cat /mnt/pve/*/.meta/graphs/active/*-client-*/private
    cd /bricks/*/brick/.glusterfs/indices
    for name in xattrop/* dirty/*; do echo "index $name"; done
    cd ../..
    find . -path ./.glusterfs -prune -o -print | sed "s#^[.]#$PWD#" | xargs getfattr -h -d -m "^trusted.afr" -e hex --absolute-names
    echo whole') || no "$text"
  [ "$(count "$text" '^whole$')" = 1 ] || no "the brick on $1 was not read to its end"
  [ "$(count "$text" '^connected = 1$')" = "$bricks" ] || no "the mount on $1 is not connected to $bricks bricks"
  [ "$(count "$text" '^index xattrop/[0-9a-f]\{8\}-')" = 0 ] || no "$1 has files to heal in its index"
  [ "$(count "$text" '^trusted\.afr\..*-client-.*=0x0*[1-9a-f]')" = 0 ] || no "a copy on $1 accuses another"
  dirty=$(printf '%s\n' "$text" | grep '^index dirty/[0-9a-f]\{8\}-')
}

look=1
while :; do
  all=''
  views=''
  for one in $HEALPROOF_NODES; do
    all="$all $one"
    [ "$one" = "$node" ] || views="$views $one"
  done
  for one in $views; do
    configured "$one"
    peers "$one"
    processes "$one"
    healed "$one"
  done
  # Dirty on some bricks only is a write on its way, or, when it stays, one that a brick missed.
  listed=''
  for one in $all; do
    raw "$one"
    listed="$listed
$dirty"
  done
  odd=$(printf '%s\n' "$listed" | grep '^index ' | sort | uniq -c | awk -v all="$bricks" '$1 != all { print $3 }')
  [ "$look" = 1 ] && still=$odd || still=$(printf '%s\n' "$still" "$odd" | grep . | sort | uniq -d)
  [ "$look" -lt 3 ] || break
  look=$((look + 1))
  sleep 60
done
[ -z "$still" ] || no 'bricks do not agree on what was written'
echo "go: $node may go down"
