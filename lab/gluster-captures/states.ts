/** How each captured state is made. A state leaves its bricks as they are; what GlusterFS then does is watched by capture.ts. */
import { client, gluster, on, pause, tryClient, Volume, type Node } from './cluster.ts';

export interface Made {
  readonly volume: Volume;
  /** Files whose fate is watched. */
  readonly files: readonly string[];
  /** Nodes that are not collected: their brick is down with them. */
  readonly away?: readonly Node[];
  /** Runs between two snapshots; its presence asks for a second one. */
  readonly between?: () => void;
  readonly after?: () => void;
}

export interface State {
  readonly says: string;
  readonly make: (name: string) => Made;
}

const IMG = 'img';

function withImage(
  name: string,
  layout: 'replica-2' | 'replica-3' | 'replica-2-arbiter',
  options: readonly string[] = [],
): Volume {
  const volume = new Volume(name, layout, options);
  volume.image(IMG);
  return volume;
}

/** Writes while a node's brick is down. Block 0 lies in the base file, 70 in shard 1, 130 in shard 2. */
function missed(volume: Volume, node: Node, ...blocks: readonly number[]): void {
  volume.down(node);
  for (const block of blocks) volume.write(IMG, block);
  volume.settle();
}

/** A line for the client, or more than a line says. */
type Doing = string | (() => void);
const does = (what: Doing): void => void (typeof what === 'string' ? client(what) : what());

/** Each side of a replica 2 without quorum misses what the other took. */
function bothSides(volume: Volume, first: Doing, second: Doing): void {
  volume.down('cap1');
  does(first);
  volume.settle();
  volume.up();
  volume.down('cap2');
  does(second);
  volume.settle();
  volume.up();
}

/** One open file written slowly from its beginning: the eager lock is held all the time, so no accusation lands. */
const slowWriter = (volume: Volume): string =>
  `dd if=/dev/urandom of=${volume.mount}/${IMG} bs=4k count=3000 conv=notrunc oflag=sync status=none`;
/** A writer in place, as a VM is: every block is acknowledged, and the file does not grow. */
const holder = (volume: Volume): string =>
  `sh -c 'while :; do dd if=/dev/urandom of=${volume.mount}/${IMG} bs=64k count=190 conv=notrunc oflag=sync status=none; done'`;
const start = (line: string): void => void client(`${line} >/dev/null 2>&1 & echo $! > /tmp/writer`);
const stop = (): void => void tryClient('kill $(cat /tmp/writer); sleep 0.3; true');
const killClient = (volume: Volume): void =>
  void tryClient(
    `kill -9 $(pgrep -f '[g]lusterfs .*${volume.mount}$'); kill -9 $(cat /tmp/writer); umount -l ${volume.mount}; true`,
  );
const again = (volume: Volume): void =>
  void client(
    `mount -t glusterfs -o attribute-timeout=0,entry-timeout=0 cap1:/${volume.name} ${volume.mount}`,
  );
const xattr = (volume: Volume, node: Node, name: string, value: string, file: string): string =>
  on(node, `setfattr -n ${name} -v ${value} ${volume.brick}/${file}`);

export const STATES: Readonly<Record<string, State>> = {
  'healthy-idle': {
    says: 'three bricks, nothing going on',
    make: (name) => ({ volume: withImage(name, 'replica-3'), files: [IMG] }),
  },
  'healthy-live-writes': {
    says: 'three bricks and a writer that goes on between the snapshots',
    make: (name) => {
      const volume = withImage(name, 'replica-3');
      start(holder(volume));
      pause(2);
      return { volume, files: [IMG], between: () => pause(3), after: stop };
    },
  },
  'one-brick-down': {
    says: 'brick 2 killed under a live writer that goes on; its files are read from the disk',
    make: (name) => {
      const volume = withImage(name, 'replica-3');
      start(holder(volume));
      pause(1);
      volume.down('cap2');
      pause(2);
      return { volume, files: [IMG], between: () => pause(3), after: stop };
    },
  },
  'heal-pending': {
    says: 'brick 2 missed writes to the base file and shard 1, and is back',
    make: (name) => {
      const volume = withImage(name, 'replica-3');
      missed(volume, 'cap2', 1, 70);
      volume.up();
      return { volume, files: [IMG] };
    },
  },
  'two-stale-one-good': {
    says: 'brick 1 was away, then brick 2, with writes each time and no heal between: brick 3 alone has all',
    make: (name) => {
      const volume = withImage(name, 'replica-3');
      missed(volume, 'cap1', 1, 70);
      volume.up();
      missed(volume, 'cap2', 2, 71);
      volume.up();
      return { volume, files: [IMG] };
    },
  },
  'sole-good-copy-down': {
    says: 'as two-stale-one-good, and then the node with the good copy goes',
    make: (name) => {
      const volume = withImage(name, 'replica-3');
      missed(volume, 'cap1', 1, 70);
      volume.up();
      missed(volume, 'cap2', 2, 71);
      volume.up();
      volume.down('cap3');
      return { volume, files: [IMG], away: ['cap3'] };
    },
  },
  'data-split-brain': {
    says: 'replica 2 without quorum, each side took other writes to shard 1',
    make: (name) => {
      const volume = withImage(name, 'replica-2');
      bothSides(
        volume,
        () => volume.write(IMG, 70),
        () => volume.write(IMG, 71),
      );
      return { volume, files: [IMG] };
    },
  },
  'metadata-split-brain': {
    says: 'replica 2 without quorum, each side took another chmod',
    make: (name) => {
      const volume = withImage(name, 'replica-2');
      bothSides(volume, `chmod 600 ${volume.mount}/${IMG}`, `chmod 640 ${volume.mount}/${IMG}`);
      return { volume, files: [IMG] };
    },
  },
  'gfid-split-brain': {
    says: 'replica 2 without quorum, each side made a file of the same name',
    make: (name) => {
      const volume = withImage(name, 'replica-2');
      bothSides(volume, `echo one > ${volume.mount}/same`, `echo the other > ${volume.mount}/same`);
      return { volume, files: ['same', IMG] };
    },
  },
  'type-split-brain': {
    says: 'replica 2 without quorum, one side made a file and the other a directory of the same name',
    make: (name) => {
      const volume = new Volume(name, 'replica-2');
      bothSides(volume, `echo one > ${volume.mount}/same`, `mkdir ${volume.mount}/same`);
      return { volume, files: ['same'] };
    },
  },
  'entry-split-brain': {
    says: 'replica 2 without quorum, each side made and removed other names in one directory',
    make: (name) => {
      const volume = new Volume(name, 'replica-2');
      client(
        `mkdir ${volume.mount}/d; echo keep > ${volume.mount}/d/keep; echo gone > ${volume.mount}/d/gone`,
      );
      volume.settle();
      bothSides(
        volume,
        `rm ${volume.mount}/d/gone; echo b > ${volume.mount}/d/made-on-2`,
        `echo a > ${volume.mount}/d/made-on-1`,
      );
      return { volume, files: ['d/keep', 'd/made-on-1', 'd/made-on-2', 'd/gone'] };
    },
  },
  'arbiter-stale-data-brick': {
    says: 'replica 2 with arbiter, data brick 1 missed writes and is back: brick 2 alone has all data',
    make: (name) => {
      const volume = withImage(name, 'replica-2-arbiter');
      missed(volume, 'cap1', 1, 70);
      volume.up();
      return { volume, files: [IMG] };
    },
  },
  'cyclic-blame': {
    says: 'brick 1 accuses 2, 2 accuses 3, 3 accuses 1, sizes equal (attributes set by hand, as upstream test bug-1539358 does)',
    make: (name) => {
      const volume = withImage(name, 'replica-3');
      const word = '0x000000010000000000000000';
      for (const [node, accused] of [
        ['cap1', 1],
        ['cap2', 2],
        ['cap3', 0],
      ] as const)
        xattr(volume, node, `trusted.afr.${name}-client-${accused}`, word, IMG);
      return { volume, files: [IMG] };
    },
  },
  'silent-byte-flip': {
    says: 'one byte of shard 1 changed below brick 2',
    make: (name) => {
      const volume = withImage(name, 'replica-3');
      on(
        'cap2',
        `printf '\\377' | dd of=$(ls ${volume.brick}/.shard/*.1) bs=1 seek=1000 conv=notrunc status=none; printf '\\001' | dd of=$(ls ${volume.brick}/.shard/*.1) bs=1 seek=1001 conv=notrunc status=none`,
      );
      pause(4); // so that it is not taken for a write under way
      return { volume, files: [IMG] };
    },
  },
  'persistent-dirty': {
    says: 'the client killed while it wrote, all bricks up; two snapshots',
    make: (name) => {
      const volume = withImage(name, 'replica-3');
      start(holder(volume));
      pause(2);
      killClient(volume);
      pause(1);
      again(volume);
      return { volume, files: [IMG], between: () => pause(3) };
    },
  },
  'brick-and-client-killed': {
    says: 'brick 2 killed under a live writer, the client killed 5 s later, brick 2 back; two snapshots',
    make: (name) => {
      const volume = withImage(name, 'replica-3');
      start(slowWriter(volume));
      pause(1);
      volume.down('cap2');
      pause(1);
      killClient(volume);
      volume.up();
      again(volume);
      return { volume, files: [IMG], between: () => pause(3) };
    },
  },
  'stale-index-entry': {
    says: 'a link in indices/xattrop of brick 1 for a file that nobody accuses',
    make: (name) => {
      const volume = new Volume(name, 'replica-3');
      client(`echo x > ${volume.mount}/plain; echo y > ${volume.mount}/other`);
      volume.settle();
      volume.down('cap3'); // makes the index's base link, which comes with the first accusation
      client(`echo more >> ${volume.mount}/other`);
      volume.settle();
      volume.up();
      const gfid = on(
        'cap1',
        `getfattr -n trusted.gfid -e hex ${volume.brick}/plain 2>/dev/null | sed -n 's/.*=0x//p'`,
      ).trim();
      const dashed = gfid.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
      on(
        'cap1',
        `cd ${volume.brick}/.glusterfs/indices/xattrop; ln $(ls | grep ^xattrop- | head -1) ${dashed}`,
      );
      return { volume, files: ['plain', 'other'] };
    },
  },
  'favorite-child-mtime': {
    says: 'as data-split-brain, with cluster.favorite-child-policy mtime',
    make: (name) => {
      const volume = withImage(name, 'replica-2');
      bothSides(
        volume,
        () => volume.write(IMG, 70),
        () => volume.write(IMG, 71),
      );
      gluster(`volume set ${name} cluster.favorite-child-policy mtime`);
      pause(2);
      return { volume, files: [IMG] };
    },
  },
  'name-missing-silently': {
    says: 'a file removed below brick 2, with no attribute to tell',
    make: (name) => {
      const volume = new Volume(name, 'replica-3');
      client(`echo x > ${volume.mount}/plain`);
      volume.settle();
      on(
        'cap2',
        `f=${volume.brick}/plain; g=$(getfattr -n trusted.gfid -e hex $f 2>/dev/null | sed -n 's/.*=0x//p'); rm $f; find ${volume.brick}/.glusterfs -name "$(echo $g | sed 's/^\\(........\\)\\(....\\)\\(....\\)\\(....\\)/\\1-\\2-\\3-\\4-/')" -delete`,
      );
      return { volume, files: ['plain'] };
    },
  },
  'renamed-while-away': {
    says: 'replica 2: brick 2 missed a write, then brick 1 missed the rename (upstream test rename-data-loss)',
    make: (name) => {
      const volume = new Volume(name, 'replica-2');
      client(`echo line1 > ${volume.mount}/old`);
      volume.settle();
      volume.down('cap2');
      client(`echo line2 >> ${volume.mount}/old`);
      volume.settle();
      volume.up();
      volume.down('cap1');
      client(`mv ${volume.mount}/old ${volume.mount}/new`);
      volume.settle();
      volume.up();
      return { volume, files: ['new', 'old'] };
    },
  },
};
