/** How each captured state is made. A state leaves its bricks as they are; what GlusterFS then does is watched by capture.ts. */
import { gluster, on, pause } from './cluster.ts';
import {
  again,
  BASE_1,
  BASE_2,
  bothSides,
  IMG,
  killClient,
  missed,
  SHARD_1,
  SHARD_2,
  withImage,
  writer,
  xattr,
  type State,
} from './making.ts';
import { DISTRIBUTED } from './states-distributed.ts';
import { Volume } from './volume.ts';

export const STATES: Readonly<Record<string, State>> = {
  'healthy-idle': {
    says: 'three bricks, nothing going on',
    make: (name) => ({ volume: withImage(name, 'replica-3'), files: [IMG] }),
  },
  'healthy-live-writes': {
    says: 'three bricks and a writer that goes on between the snapshots',
    make: (name) => {
      const volume = withImage(name, 'replica-3');
      writer(volume);
      pause(2);
      return { volume, files: [IMG], between: () => pause(3), after: () => volume.ledger.stop(IMG) };
    },
  },
  'one-brick-down': {
    says: 'brick 2 killed under a live writer that goes on; its files are read from the disk',
    make: (name) => {
      const volume = withImage(name, 'replica-3');
      writer(volume);
      pause(1);
      volume.down('cap2');
      pause(2);
      return { volume, files: [IMG], between: () => pause(3), after: () => volume.ledger.stop(IMG) };
    },
  },
  'heal-pending': {
    says: 'brick 2 missed writes to the base file and shard 1, and is back',
    make: (name) => {
      const volume = withImage(name, 'replica-3');
      missed(volume, 'cap2', BASE_1, SHARD_1);
      volume.up();
      return { volume, files: [IMG] };
    },
  },
  'two-stale-one-good': {
    says: 'brick 1 was away, then brick 2, with writes each time and no heal between: brick 3 alone has all',
    make: (name) => {
      const volume = withImage(name, 'replica-3');
      missed(volume, 'cap1', BASE_1, SHARD_1);
      volume.up();
      missed(volume, 'cap2', BASE_2, SHARD_2);
      volume.up();
      return { volume, files: [IMG] };
    },
  },
  'sole-good-copy-down': {
    says: 'as two-stale-one-good, and then the node with the good copy goes',
    make: (name) => {
      const volume = withImage(name, 'replica-3');
      missed(volume, 'cap1', BASE_1, SHARD_1);
      volume.up();
      missed(volume, 'cap2', BASE_2, SHARD_2);
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
        () => volume.ledger.block(IMG, SHARD_1),
        () => volume.ledger.block(IMG, SHARD_2),
      );
      return { volume, files: [IMG] };
    },
  },
  'metadata-split-brain': {
    says: 'replica 2 without quorum, each side took another chmod',
    make: (name) => {
      const volume = withImage(name, 'replica-2');
      bothSides(
        volume,
        () => volume.ledger.mode(IMG, '600'),
        () => volume.ledger.mode(IMG, '640'),
      );
      return { volume, files: [IMG] };
    },
  },
  'gfid-split-brain': {
    says: 'replica 2 without quorum, each side made a file of the same name',
    make: (name) => {
      const volume = withImage(name, 'replica-2');
      bothSides(
        volume,
        () => volume.ledger.line('same'),
        () => volume.ledger.line('same'),
      );
      return { volume, files: ['same', IMG] };
    },
  },
  'directory-gfid-split-brain': {
    says: 'replica 2 without quorum, each side made a directory of the same name with a file in it',
    make: (name) => {
      const volume = new Volume(name, 'replica-2');
      const { ledger } = volume;
      bothSides(
        volume,
        () => {
          ledger.directory('same');
          ledger.line('same/of-2');
        },
        () => {
          ledger.directory('same');
          ledger.line('same/of-1');
        },
      );
      return { volume, files: ['same/of-1', 'same/of-2'] };
    },
  },
  'type-split-brain': {
    says: 'replica 2 without quorum, one side made a file and the other a directory of the same name',
    make: (name) => {
      const volume = new Volume(name, 'replica-2');
      bothSides(
        volume,
        () => volume.ledger.line('same'),
        () => volume.ledger.directory('same'),
      );
      return { volume, files: ['same'] };
    },
  },
  'entry-split-brain': {
    says: 'replica 2 without quorum, each side made and removed other names in one directory',
    make: (name) => {
      const volume = new Volume(name, 'replica-2');
      const { ledger } = volume;
      ledger.directory('d');
      for (const file of ['d/keep', 'd/gone']) ledger.line(file);
      volume.settle();
      bothSides(
        volume,
        () => {
          ledger.remove('d/gone');
          ledger.line('d/made-on-2');
        },
        () => ledger.line('d/made-on-1'),
      );
      return { volume, files: ['d/keep', 'd/made-on-1', 'd/made-on-2', 'd/gone'] };
    },
  },
  'arbiter-stale-data-brick': {
    says: 'replica 2 with arbiter, data brick 1 missed writes and is back: brick 2 alone has all data',
    make: (name) => {
      const volume = withImage(name, 'replica-2-arbiter');
      missed(volume, 'cap1', BASE_1, SHARD_1);
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
      writer(volume);
      pause(2);
      killClient(volume);
      volume.ledger.stop(IMG);
      pause(1);
      again(volume);
      return { volume, files: [IMG], between: () => pause(3) };
    },
  },
  'brick-and-client-killed': {
    says: 'brick 2 killed under a live writer that goes on into shard 1, the client killed some seconds later, brick 2 back; two snapshots',
    make: (name) => {
      const volume = withImage(name, 'replica-3');
      // The last blocks of the base file; what is in flight when the brick dies is accused, what is begun after it is not.
      volume.ledger.startSlow(IMG, 1000, 2000);
      volume.down('cap2');
      pause(1);
      killClient(volume);
      volume.ledger.stop(IMG);
      volume.up();
      again(volume);
      return { volume, files: [IMG], between: () => pause(3) };
    },
  },
  'stale-index-entry': {
    says: 'a link in indices/xattrop of brick 1 for a file that nobody accuses',
    make: (name) => {
      const volume = new Volume(name, 'replica-3');
      for (const file of ['plain', 'other']) volume.ledger.line(file);
      volume.settle();
      volume.down('cap3'); // makes the index's base link, which comes with the first accusation
      volume.ledger.line('other');
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
        () => volume.ledger.block(IMG, SHARD_1),
        () => volume.ledger.block(IMG, SHARD_2),
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
      volume.ledger.line('plain');
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
      volume.ledger.line('old');
      volume.settle();
      volume.down('cap2');
      volume.ledger.line('old');
      volume.settle();
      volume.up();
      volume.down('cap1');
      volume.ledger.rename('old', 'new');
      volume.settle();
      volume.up();
      return { volume, files: ['new', 'old'] };
    },
  },
  ...DISTRIBUTED,
};
