/** What bricks say about each other and what they hold: on files of their own below `images/900`. */
import type { FaultName, NodeName } from '../../harness/index.ts';
import { fileOf, FOLDER, gfidOf, healAndRemove, whileAway, write } from './files.ts';
import { line, proof, selfHealers } from './mechanism.ts';
import type { Line, Mechanism, Place } from './mechanism.ts';

const index = ({ brick }: Place): string => `${brick}/.glusterfs/indices/xattrop`;
const named = (place: Place, file: string): string =>
  `g=$(${gfidOf(`${place.brick}/${file}`)}) && ls ${index(place)} | grep -x "$g"`;

const accuses = (place: Place, file: string, client: number): string =>
  `getfattr --absolute-names -n trusted.afr.${place.volume}-client-${client} -e hex ${place.brick}/${file} | grep -E '=0x0*[1-9a-f]'`;

/** Does no harm where the attribute, or the file, was never there. */
const takeAway = (on: NodeName, attribute: string, path: string): Line =>
  line(on, `[ ! -e ${path} ] || setfattr -x ${attribute} ${path} || true`);

/** The third brick's attributes, one for each, in a circle. */
const CIRCLE = [1, 2, 0] as const;
const PENDING = '0x000000010000000000000000';

const damagedFile = fileOf('attribute-damaged');
const damagedName = ({ volume }: Place): string => `trusted.afr.${volume}-client-0`;
const CUT_SHORT = '0x00000001';

const healOnly = { name: 'heal-pending', file: fileOf('heal-pending') };
const soleFile = fileOf('sole-good-copy');
const circleFile = fileOf('cyclic-blame');
const silentFile = fileOf('silent-divergence');
const staleFile = fileOf('stale-index-entry');
const dirtyFile = fileOf('persistent-dirty');
const OWN_MOUNT = '/run/healproof-fault';

export const DATA_MECHANISMS = {
  'heal-pending': {
    begin: (place) => [
      write(place, healOnly.file, 'a'),
      ...selfHealers(place, 'STOP'),
      ...whileAway(place, place.node, write(place, healOnly.file, 'b')),
    ],
    proofs: (place) => [
      proof(place.witness, named(place, healOnly.file), {
        what: 'the file is in the raw index',
        seenBy: `the brick on ${place.witness}`,
      }),
    ],
    end: (place) => healAndRemove(place, healOnly.name),
  },
  'sole-good-copy': {
    begin: (place) => [
      write(place, soleFile, 'a'),
      ...selfHealers(place, 'STOP'),
      ...place.holders
        .filter((holder) => holder !== place.node)
        .flatMap((holder, at) => whileAway(place, holder, write(place, soleFile, at === 0 ? 'b' : 'c'))),
    ],
    proofs: (place) => [
      proof(
        place.node,
        place.holders
          .flatMap((holder, at) => (holder === place.node ? [] : [accuses(place, soleFile, at)]))
          .join(' && '),
        { what: 'it accuses both others', seenBy: `the attributes on the brick of ${place.node}` },
      ),
    ],
    end: (place) => healAndRemove(place, 'sole-good-copy'),
  },
  'cyclic-blame': {
    begin: (place) => [
      write(place, circleFile, 'a'),
      ...place.holders.map((holder, at) =>
        line(
          holder,
          `setfattr -n trusted.afr.${place.volume}-client-${CIRCLE[at] ?? 0} -v ${PENDING} ${place.brick}/${circleFile}`,
        ),
      ),
    ],
    proofs: (place) => {
      const [first, ...rest] = place.holders.map((holder, at) =>
        proof(holder, accuses(place, circleFile, CIRCLE[at] ?? 0), {
          what: 'it accuses the next one',
          seenBy: `the attributes on the brick of ${holder}`,
        }),
      );
      if (first === undefined) throw new Error('bug: a volume without bricks');
      return [first, ...rest];
    },
    end: (place) => [
      ...place.holders.map((holder, at) =>
        takeAway(
          holder,
          `trusted.afr.${place.volume}-client-${CIRCLE[at] ?? 0}`,
          `${place.brick}/${circleFile}`,
        ),
      ),
      ...healAndRemove(place, 'cyclic-blame'),
    ],
  },
  'attribute-damaged': {
    begin: (place) => [
      write(place, damagedFile, 'a'),
      line(place.node, `setfattr -n ${damagedName(place)} -v ${CUT_SHORT} ${place.brick}/${damagedFile}`),
    ],
    proofs: (place) => [
      proof(
        place.witness,
        `ssh ${place.node}.lan "getfattr --absolute-names -n ${damagedName(place)} -e hex ${place.brick}/${damagedFile}" | grep -x '${damagedName(place)}=${CUT_SHORT}'`,
        { what: 'the attribute has four bytes', seenBy: `${place.witness}, which reads it on that brick` },
      ),
    ],
    end: (place) => [
      takeAway(place.node, damagedName(place), `${place.brick}/${damagedFile}`),
      ...healAndRemove(place, 'attribute-damaged'),
    ],
  },
  'persistent-dirty': {
    begin: (place) => [
      line(
        place.node,
        `mkdir -p ${OWN_MOUNT} ${place.mount}/${FOLDER} && mount -t glusterfs ${place.node}:/${place.volume} ${OWN_MOUNT} && ` +
          `{ python3 -c 'import os
f = os.open("${OWN_MOUNT}/${dirtyFile}", os.O_CREAT | os.O_RDWR)
while True: os.pwrite(f, b"x" * 4096, 0); os.fsync(f)' >/dev/null 2>&1 & } && ` +
          `${awaitInline(`getfattr --absolute-names -n trusted.afr.dirty -e hex ${place.brick}/${dirtyFile} 2>/dev/null | grep -qE '=0x0*[1-9a-f]'`)} && ` +
          `kill -9 $(pgrep -f '[p]rocess-name fuse .*${OWN_MOUNT}'); wait; umount -l ${OWN_MOUNT}`,
      ),
    ],
    proofs: (place) => [
      proof(
        place.witness,
        `getfattr --absolute-names -n trusted.afr.dirty -e hex ${place.brick}/${dirtyFile} | grep -E '=0x0*[1-9a-f]'`,
        { what: 'dirty with nobody left who writes', seenBy: `the brick on ${place.witness}` },
      ),
    ],
    end: (place) => [
      line(place.node, `umount -l ${OWN_MOUNT} 2>/dev/null || true; rmdir ${OWN_MOUNT} 2>/dev/null || true`),
      ...healAndRemove(place, 'persistent-dirty'),
    ],
  },
  'silent-divergence': {
    begin: (place) => [
      write(place, silentFile, 'a'),
      line(
        place.node,
        `printf X | dd of=${place.brick}/${silentFile} bs=1 seek=100 conv=notrunc status=none`,
      ),
    ],
    proofs: (place) => [
      proof(
        place.witness,
        `a=$(sha256sum <${place.brick}/${silentFile}) && b=$(ssh ${place.node}.lan "sha256sum <${place.brick}/${silentFile}") && [ -n "$b" ] && [ "$a" != "$b" ]`,
        { what: 'another checksum', seenBy: `${place.witness}, which compares both copies` },
      ),
    ],
    end: (place) => [
      line(
        place.node,
        `[ ! -e ${place.brick}/${silentFile} ] || printf a | dd of=${place.brick}/${silentFile} bs=1 seek=100 conv=notrunc status=none`,
      ),
      ...healAndRemove(place, 'silent-divergence'),
    ],
  },
  'stale-index-entry': {
    begin: (place) => [
      write(place, staleFile, 'a'),
      line(place.node, `g=$(${gfidOf(`${place.brick}/${staleFile}`)}) && : >${index(place)}/$g`),
    ],
    proofs: (place) => [
      proof(place.node, named(place, staleFile), {
        what: 'the file is in the raw index',
        seenBy: `the brick’s own files on ${place.node}`,
      }),
    ],
    end: (place) => [
      line(place.node, `g=$(${gfidOf(`${place.brick}/${staleFile}`)}) && rm -f "${index(place)}/$g" || true`),
      ...healAndRemove(place, 'stale-index-entry'),
    ],
  },
} satisfies Partial<Record<FaultName, Mechanism>>;

/** As `awaitThat`, in the middle of a line. */
function awaitInline(condition: string): string {
  return `for i in $(seq 50); do ${condition} && break; sleep 0.1; done`;
}
