/** Files that faults are made of: written through a mount while bricks are away one after the other, with every healer stopped. */
import type { NodeName } from '../../harness/index.ts';
import { awaitThat, BRICK, connection, line, selfHealers, startForce } from './mechanism.ts';
import type { Line, Place } from './mechanism.ts';

/** Below the volume's root, where the gate looks for VM images; no VM has this number. */
export const FOLDER = 'images/900';
export const fileOf = (name: string): string => `${FOLDER}/${name}.raw`;

/** 64 KiB of `letter`, on disk before it returns. */
export const write = ({ mount, writer }: Place, file: string, letter: string): Line =>
  line(
    writer,
    `mkdir -p ${mount}/${FOLDER} && head -c 65536 /dev/zero | tr '\\0' ${letter} | dd of=${mount}/${file} bs=64k conv=notrunc,fsync status=none`,
  );

/** `change` is made while the brick of `holder` is away; the brick is back when this is over. */
export const whileAway = (place: Place, holder: NodeName, change: Line): readonly Line[] => [
  line(holder, `kill -9 $(${BRICK})`),
  line(
    place.writer,
    awaitThat(connection(place, holder, 0), 10, `the client to lose the brick of ${holder}`),
  ),
  change,
  startForce(place, holder),
  ...place.spec.nodes.map((node) =>
    line(
      node,
      awaitThat(connection(place, holder, 1), 25, `the client to have the brick of ${holder} again`),
      30_000,
    ),
  ),
];

/** Healers go on, everything is healed, the file is removed. */
export const healAndRemove = (place: Place, name: string, first: readonly Line[] = []): readonly Line[] => [
  ...selfHealers(place, 'CONT'),
  ...first,
  line(
    place.writer,
    `gluster --mode=script volume heal ${place.volume} >/dev/null 2>&1; ${awaitThat(healed(place), 40, 'everything to be healed')}`,
    45_000,
  ),
  line(place.writer, `rm -rf ${place.mount}/${FOLDER}/${name} ${place.mount}/${FOLDER}/${name}.*`),
];

const healed = ({ volume }: Place): string =>
  `info=$(timeout 10 gluster volume heal ${volume} info) && ! echo "$info" | grep -q 'Number of entries: [1-9-]'`;

/** `<gfid>` of a file on the brick, dashed. */
export const gfidOf = (path: string): string =>
  `getfattr --absolute-names -n trusted.gfid -e hex ${path} | sed -n -E 's/^trusted.gfid=0x(.{8})(.{4})(.{4})(.{4})/\\1-\\2-\\3-\\4-/p'`;
