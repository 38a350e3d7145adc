/** A brick without room: moved onto a small file system in memory with all that it holds, and back again. */
import type { FaultName } from '../../harness/index.ts';
import { fileOf, gfidOf, healAndRemove } from './files.ts';
import { awaitThat, BRICK, connection, line, proof, startForce } from './mechanism.ts';
import type { Line, Mechanism, Place } from './mechanism.ts';

const SMALL = '/run/healproof/small';
const ROOM_MIB = 8;
const FILE_MIB = 40;
const file = fileOf('brick-full');

/** Where the brick's file system is mounted. */
const home = ({ brick }: Place): string => brick.slice(0, brick.lastIndexOf('/'));
const copied = (from: string, to: string): string => `cp -a --sparse=always ${from}/. ${to}/`;
const stop = `kill -9 $(${BRICK}) 2>/dev/null; while ${BRICK} >/dev/null; do sleep 0.1; done`;

const back = (place: Place): readonly Line[] => [
  startForce(place, place.node),
  ...place.spec.nodes.map((node) =>
    line(node, awaitThat(connection(place, place.node, 1), 25, 'the brick to be back'), 30_000),
  ),
];

export const FULL_MECHANISM = {
  'brick-full': {
    begin: (place) => [
      line(
        place.node,
        `set -e; ${stop}; mkdir -p ${SMALL}; mount -t tmpfs -o size=$(($(du -sm ${home(place)} | cut -f1) + ${ROOM_MIB}))m tmpfs ${SMALL}; ` +
          `${copied(home(place), SMALL)}; mount --bind ${SMALL} ${home(place)}`,
        40_000,
      ),
      ...back(place),
      // The others take it all, so the writer notices nothing.
      line(
        place.writer,
        `mkdir -p ${place.mount}/${file.slice(0, file.lastIndexOf('/'))} && dd if=/dev/urandom of=${place.mount}/${file} bs=1M count=${FILE_MIB} conv=fsync status=none`,
        40_000,
      ),
    ],
    proofs: (place) => [
      proof(place.node, `df --output=pcent,avail -h ${place.brick} | grep -E '(100|9[5-9])%'`, {
        what: 'no room on its file system',
        seenBy: `df on ${place.node}`,
      }),
      proof(
        place.witness,
        `g=$(${gfidOf(`${place.brick}/${file}`)}) && ls ${place.brick}/.glusterfs/indices/xattrop | grep -v '^xattrop-'`,
        { what: 'files to heal in the raw index', seenBy: `the brick on ${place.witness}` },
      ),
    ],
    // What was written meanwhile is on the small one only, and nobody accuses anybody of it: all of it has to come along.
    end: (place) => [
      line(
        place.node,
        `mountpoint -q ${SMALL} || exit 0; set -e; ${stop}; [ "$(stat -f -c %T ${home(place)})" != tmpfs ] || umount ${home(place)}; ` +
          `rm -rf ${place.brick}; ${copied(SMALL, home(place))}; umount ${SMALL}`,
        60_000,
      ),
      ...back(place),
      ...healAndRemove(place, 'brick-full'),
    ],
  },
} satisfies Partial<Record<FaultName, Mechanism>>;
