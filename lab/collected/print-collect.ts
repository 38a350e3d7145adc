/** The lines an operator runs on each node to collect what `inspect` reads. They read only, except for the folders they write. */

/** Where a node's folder is, before it is brought away; `nth` counts the node's bricks of the volume from 1. Each may be a shell variable. */
export const collectedFolder = (host: string, volume: string, nth: string): string =>
  `/var/tmp/healproof-${host}-${volume}-${nth}`;

/**
 * One POSIX shell script; VOLUME is filled in when known. It finds the node's bricks in glusterd's own files, so that the same lines
 * do on every node. In a subshell: pasted into a person's shell, neither a failure nor umask outlives it. Needs root, getfattr
 * (package attr) and GNU find.
 */
export function collectLines(volume = 'VOLUME'): string {
  return `# Paste as root on each node, on all nodes at the same time. Reads the bricks; writes only into new folders below /var/tmp.
# Without the sha256 line it takes seconds; with it, it reads every byte of the bricks.
( VOLUME=${volume}
umask 077; export LC_ALL=C
GLUSTERD=/var/lib/glusterd; UUID=$(sed -n 's/^UUID=//p' "$GLUSTERD/glusterd.info")
[ -d "$GLUSTERD/vols/$VOLUME/bricks" ] || { echo "no volume '$VOLUME' here; there is: $(ls "$GLUSTERD/vols")" >&2; exit 1; }
N=0
for F in "$GLUSTERD/vols/$VOLUME/bricks"/*; do
grep -qx "uuid=$UUID" "$F" || continue
HOST=$(sed -n 's/^hostname=//p' "$F"); BRICK=$(sed -n 's/^path=//p' "$F"); N=$((N+1))
OUT=${collectedFolder('$(hostname)', '$VOLUME', '$N')}
mkdir "$OUT" || exit 1
{ echo "volume=$VOLUME"; echo "brick=$HOST:$BRICK"; echo "at=$(date +%s)"; } > "$OUT/collected.txt"
find "$BRICK" -path "$BRICK/.glusterfs" -prune -o ! -name '*[[:cntrl:]]*' -printf '%p\\t%y\\t%m\\t%s\\t%T@\\t%n\\t%U\\t%G\\t%C@\\n' > "$OUT/find.tsv"
getfattr -h -R -d -m '^(trusted\\.(afr\\.|gfid$|glusterfs\\.(shard\\.|volume-id|dht\\.linkto$))|user\\.)' -e hex --absolute-names "$BRICK" > "$OUT/getfattr.txt"
( cd "$BRICK/.glusterfs/indices" && find . -mindepth 2 -printf '%P\\n' ) > "$OUT/indices.txt"
cp "$GLUSTERD/vols/$VOLUME/$VOLUME.tcp-fuse.vol" "$OUT/volfile.txt"   # not the trusted one, which holds a password
gluster volume info "$VOLUME" > "$OUT/volume-info.txt"
( cd "$BRICK" && find . -path ./.glusterfs -prune -o -type f -print0 | xargs -0 -r nice sha256sum ) > "$OUT/sha256.txt"   # leave out to save time
echo "records=$(grep -c '^# file: ' "$OUT/getfattr.txt")" >> "$OUT/collected.txt"
tar -C "$(dirname "$OUT")" -czf "$OUT.tar.gz" "$(basename "$OUT")" && echo "$OUT.tar.gz is $HOST:$BRICK"
done
[ "$N" -gt 0 ] || { echo "no brick of $VOLUME is on this node" >&2; exit 1; } )
# Then bring the archives together, unpack them, and:
#   healproof inspect --volume-info FOLDER1/volume-info.txt NODE1:/BRICK=FOLDER1 NODE2:/BRICK=FOLDER2 NODE3:/BRICK=FOLDER3
# For a second snapshot wait at least 10 s, move the folders away, paste the lines again, and add: --later NODE1:/BRICK=...
`;
}
