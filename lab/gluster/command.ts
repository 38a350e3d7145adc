/** One command of the fixed list, and the pieces of shell that several of them share. */
import { PART } from './sections.ts';
import type { SectionCommand } from './sections.ts';

export interface Command extends SectionCommand {
  readonly reads: string;
  readonly why: string;
  /** `volume`: glusterd's cluster-wide lock of the volume, held for the length of the command. */
  readonly lock: 'none' | 'volume';
}

/** Walks over the bricks of this node as glusterd's own files name them; `body` is run with $p = the brick's path. */
export const overLocalBricks = (body: string): string => `${PART}
u=$(sed -n 's/^UUID=//p' /var/lib/glusterd/glusterd.info)
[ -n "$u" ] || { echo 'glusterd.info has no UUID' >&2; exit 3; }
[ -d "/var/lib/glusterd/vols/$V/bricks" ] || { echo "glusterd of this node knows no volume $V" >&2; exit 3; }
IFS='
'
for f in $(grep -lx "uuid=$u" "/var/lib/glusterd/vols/$V/bricks"/*); do
  unset IFS
  h=$(sed -n 's/^hostname=//p' "$f"); p=$(sed -n 's/^path=//p' "$f")
  part "brick $h:$p"
  ( ${body}
  )
  part "done $?"
done
unset IFS
part all`;

/** Reads the paths on stdin (NUL after each): one record each, then all trusted attributes, then sums when asked. */
export const describe = (sums: boolean): string => `xargs -0r sh -c '
  printf "\\n#%s part files\\n" "$N"
  find "$@" -maxdepth 0 -printf "%y %s %T@ %C@ %m %U %G %p\\0" || exit 1
  printf "\\n#%s part xattrs\\n" "$N"
  getfattr -h -d -m "^trusted\\\\." -e hex --absolute-names "$@" || exit 1
${sums ? '  printf "\\n#%s part sums\\n" "$N"\n  find "$@" -maxdepth 0 -type f -print0 | xargs -0r sha256sum -z || exit 1\n' : ''}' sh`;

/** Never asks, never waits for an answer. */
export const cli = (arguments_: string): string => `gluster --mode=script ${arguments_}`;
