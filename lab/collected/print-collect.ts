/** The lines an operator runs on each node to collect what `inspect` reads. They read only, except for the folder they write. */

/** One POSIX shell script; VOLUME and BRICK are filled in when known. Needs root, getfattr (package attr) and GNU find. */
export function collectLines(volume = 'VOLUME', brick = '/bricks/VOLUME/brick'): string {
  return `# Run as root on each node, once per brick, on all nodes at the same time. Reads the brick; writes only into the new folder OUT.
# Without the sha256 line it takes seconds; with it, it reads every byte of the brick.
VOLUME=${volume}; BRICK=${brick}; OUT=/var/tmp/healproof-$(hostname)
umask 077; mkdir "$OUT" || exit 1
{ echo "volume=$VOLUME"; echo "brick=$(hostname):$BRICK"; echo "at=$(date +%s)"; } > "$OUT/collected.txt"
find "$BRICK" -path "$BRICK/.glusterfs" -prune -o -printf '%p\\t%y\\t%m\\t%s\\t%T@\\t%n\\t%U\\t%G\\t%C@\\n' > "$OUT/find.tsv"
getfattr -h -R -d -m '^(trusted\\.(afr\\.|gfid$|glusterfs\\.(shard\\.|volume-id))|user\\.)' -e hex --absolute-names "$BRICK" > "$OUT/getfattr.txt"
( cd "$BRICK/.glusterfs/indices" && find . -mindepth 2 -printf '%P\\n' ) > "$OUT/indices.txt"
cp "/var/lib/glusterd/vols/$VOLUME/$VOLUME.tcp-fuse.vol" "$OUT/volfile.txt"   # not the trusted one, which holds a password
gluster volume info "$VOLUME" > "$OUT/volume-info.txt"
( cd "$BRICK" && find . -path ./.glusterfs -prune -o -type f -print0 | xargs -0 -r nice sha256sum ) > "$OUT/sha256.txt"   # leave out to save time
echo "records=$(grep -c '^# file: ' "$OUT/getfattr.txt")" >> "$OUT/collected.txt"
tar -C "$(dirname "$OUT")" -czf "$OUT.tar.gz" "$(basename "$OUT")" && ls -l "$OUT.tar.gz"
# Then bring the archives together, unpack them, and:
#   healproof inspect --volume-info NODE1/volume-info.txt NODE1=healproof-NODE1 NODE2=healproof-NODE2 NODE3=healproof-NODE3
# For a second snapshot wait at least 10 s, move OUT away, run the lines again, and add: --later NODE1=... NODE2=... NODE3=...
`;
}
