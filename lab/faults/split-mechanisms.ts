/** Split-brains on two copies: each brick changed while the other one is away, with no healer. */
import type { FaultName } from '../../harness/index.ts';
import { fileOf, FOLDER, gfidOf, healAndRemove, whileAway, write } from './files.ts';
import { line, proof, selfHealers } from './mechanism.ts';
import type { Line, Mechanism, Place } from './mechanism.ts';

/** One change while the first brick is away, another while the second one is. */
function each(place: Place, first: Line, second: Line): readonly Line[] {
  const [a, b] = place.holders;
  if (a === undefined || b === undefined) throw new Error('a split-brain needs two bricks');
  return [...selfHealers(place, 'STOP'), ...whileAway(place, a, first), ...whileAway(place, b, second)];
}

const isSplit = (place: Place, file: string) =>
  proof(place.writer, `timeout 10 gluster volume heal ${place.volume} info split-brain | grep -F '${file}'`, {
    what: 'listed as split-brain',
    seenBy: `heal info on ${place.writer}, which has no brick`,
    withinMs: 15_000,
  });

const choose = (place: Place, file: string): Line =>
  line(
    place.writer,
    `gluster --mode=script volume heal ${place.volume} split-brain source-brick ${place.holders[0]}:${place.brick} /${file} || true`,
    30_000,
  );

const dataFile = fileOf('data-split-brain');
const modeFile = fileOf('metadata-split-brain');
const twins = fileOf('gfid-split-brain');

const chmod = (place: Place, mode: string): Line =>
  line(place.writer, `chmod ${mode} ${place.mount}/${modeFile} && sync -f ${place.mount}/${modeFile}`);
const create = (place: Place): Line => line(place.writer, `echo twin >${place.mount}/${twins}`);
const gfid = (place: Place): string => gfidOf(`${place.brick}/${twins}`);

export const SPLIT_MECHANISMS = {
  'data-split-brain': {
    begin: (place) => [
      write(place, dataFile, 'a'),
      ...each(place, write(place, dataFile, 'b'), write(place, dataFile, 'c')),
    ],
    proofs: (place) => [isSplit(place, dataFile)],
    end: (place) => healAndRemove(place, 'data-split-brain', [choose(place, dataFile)]),
  },
  'metadata-split-brain': {
    begin: (place) => [write(place, modeFile, 'a'), ...each(place, chmod(place, '600'), chmod(place, '640'))],
    proofs: (place) => [isSplit(place, modeFile)],
    end: (place) => healAndRemove(place, 'metadata-split-brain', [choose(place, modeFile)]),
  },
  'gfid-split-brain': {
    begin: (place) => [
      line(place.writer, `mkdir -p ${place.mount}/${FOLDER}`),
      ...each(place, create(place), create(place)),
    ],
    proofs: (place) => [
      proof(
        place.writer,
        `a=$(ssh ${place.holders[0]}.lan "${escaped(gfid(place))}") && b=$(ssh ${place.holders[1]}.lan "${escaped(gfid(place))}") && [ -n "$a" ] && [ -n "$b" ] && [ "$a" != "$b" ] && echo "$a $b"`,
        { what: 'two gfids under one name', seenBy: `${place.writer}, which reads both bricks` },
      ),
    ],
    end: (place) => {
      const second = place.holders[1] ?? place.node;
      const removal = line(
        second,
        `g=$(${gfid(place)} 2>/dev/null); [ -z "$g" ] || rm -f ${place.brick}/${twins} ${place.brick}/.glusterfs/$(echo $g | cut -c1-2)/$(echo $g | cut -c3-4)/$g`,
      );
      return healAndRemove(place, 'gfid-split-brain', [removal]);
    },
  },
} satisfies Partial<Record<FaultName, Mechanism>>;

/** For a command inside double quotes of another shell. */
function escaped(sh: string): string {
  return sh.replaceAll('\\', '\\\\').replaceAll('$', '\\$').replaceAll('"', '\\"');
}
