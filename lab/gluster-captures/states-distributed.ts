/** States of volumes whose files are spread over two replica sets. */
import type { Brick } from './layouts.ts';
import { BASE_1, IMG, missed, SHARD_1, withImage, type State } from './making.ts';
import type { Volume } from './volume.ts';

const ONE_A_SHARD = [BASE_1, SHARD_1, 2080];
/** Renamed, so that some of them lie in another replica set than their names say: there a pointer to them is left. */
const MOVED = ['moved-1', 'moved-2', 'moved-3', 'moved-4', 'moved-5', 'moved-6'];

function distributed(name: string, layout: '2x-replica-2' | '2x-replica-3'): Volume {
  const volume = withImage(name, layout);
  for (const file of MOVED) {
    volume.ledger.line(`${file}-before`);
    volume.ledger.rename(`${file}-before`, file);
  }
  volume.settle();
  return volume;
}

/** What a brick misses: a record in each file of the image, and a line in each small file. */
function stale(volume: Volume, brick: Brick['name']): void {
  missed(volume, brick, ...ONE_A_SHARD);
  for (const file of MOVED) volume.ledger.line(file);
  volume.settle();
  volume.up();
}

export const DISTRIBUTED: Readonly<Record<string, State>> = {
  '2x2-one-set-stale': {
    says: 'two replica sets of two: in the first brick 2 missed writes, in the second nothing happened; some names are pointers into the other set',
    make: (name) => {
      const volume = distributed(name, '2x-replica-2');
      stale(volume, 'cap2');
      return { volume, files: [IMG, ...MOVED] };
    },
  },
  '2x3-each-set-its-own': {
    says: 'two replica sets of three: in the first two copies are stale and one is good, in the second one copy is stale and missed renames; some names are pointers into the other set',
    make: (name) => {
      const volume = distributed(name, '2x-replica-3');
      stale(volume, 'cap1');
      stale(volume, 'cap2');
      volume.down('cap3b');
      const late = MOVED.slice(0, 3).map((file) => `${file}-late`);
      for (const file of late) volume.ledger.rename(file.slice(0, -'-late'.length), file);
      volume.settle();
      volume.up();
      return { volume, files: [IMG, ...MOVED.slice(3), ...late] };
    },
  },
};
