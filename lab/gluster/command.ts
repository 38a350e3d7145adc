/** One command of the fixed list, and the pieces of shell that several of them share. */
import { PART } from './sections.ts';
import type { SectionCommand } from './sections.ts';

export interface Command extends SectionCommand {
  readonly reads: string;
  readonly why: string;
  /** `volume`: glusterd's cluster-wide lock of the volume, held for the length of the command. */
  readonly lock: 'none' | 'volume';
}

/**
 * Walks over the bricks of this node as glusterd's own files name them; `body` is run with $f = glusterd's file, $p = the brick's path.
 * The shell reads the files itself: a look walks some ten times, and each process that it starts costs a busy node a hundredth of a second.
 */
export const overLocalBricks = (body: string): string => `${PART}
u=
while IFS= read -r l; do case $l in UUID=*) u=\${l#UUID=} ;; esac; done </var/lib/glusterd/glusterd.info
[ -n "$u" ] || { echo 'glusterd.info has no UUID' >&2; exit 3; }
[ -d "/var/lib/glusterd/vols/$V/bricks" ] || { echo "glusterd of this node knows no volume $V" >&2; exit 3; }
for f in "/var/lib/glusterd/vols/$V/bricks"/*; do
  [ -f "$f" ] || continue
  o= h= p=
  while IFS= read -r l; do
    case $l in uuid=*) o=\${l#uuid=} ;; hostname=*) h=\${l#hostname=} ;; path=*) p=\${l#path=} ;; esac
  done <"$f"
  [ "$o" = "$u" ] || continue
  part "brick $h:$p"
  ( ${body}
  )
  part "done $?"
done
part all`;

/** Walks over the processes whose name matches, a pattern of `case`; `body` is run with $p = the folder in /proc, $name. */
export const overProcesses = (pattern: string, body: string): string => `for p in /proc/[0-9]*; do
  read -r name 2>/dev/null <"$p/comm" || continue
  case $name in ${pattern}) ${body} ;; esac
done`;

/** Reading bytes takes minutes: what was written to meanwhile is told by its record, taken again at the end. */
const SUMS = `  printf "\\n#%s part sums\\n" "$N"
  find "$@" -maxdepth 0 -type f -print0 | xargs -0r sha256sum -z || exit 1
  printf "\\n#%s part files-after\\n" "$N"
  find "$@" -maxdepth 0 -printf "%y %s %T@ %C@ %m %U %G %p\\0" 2>/dev/null || :
`;

/** Reads the paths on stdin (NUL after each): one record each, then all trusted attributes, then sums when asked. */
export const describe = (sums: boolean): string => `xargs -0r sh -c '
  printf "\\n#%s part files\\n" "$N"
  find "$@" -maxdepth 0 -printf "%y %s %T@ %C@ %m %U %G %p\\0" || exit 1
  printf "\\n#%s part xattrs\\n" "$N"
  getfattr -h -d -m "^trusted\\\\." -e hex --absolute-names "$@" || exit 1
${sums ? SUMS : ''}' sh`;

/** Never asks, never waits for an answer. */
export const cli = (arguments_: string): string => `gluster --mode=script ${arguments_}`;
