import { expect, it } from 'vitest';
import { extra, shut, unseen } from '../asking.fixture.ts';
import type { Row } from '../asking.fixture.ts';
import { extrasOf } from '../extras.fixture.ts';
import type { GateFacts } from '../facts.ts';
import { idOf, withExtra } from '../site.fixture.ts';

const storage = (change: object): GateFacts => {
  const whole = extrasOf('pve3').storage;
  const [one] = whole.seen ? whole.bricks : [];
  return withExtra('pve3', {
    storage: {
      seen: true,
      bricks: one?.storage.seen === true ? [{ ...one, storage: { ...one.storage, ...change } }] : [],
    },
  });
};

it.each<Row>([
  ['on the root file system', storage({ mountedOn: '/' }), { B3a: 'refused' }],
  [
    'not on the file system it was made on',
    storage({ insideMount: '/b', mountedOn: '/other' }),
    { B3a: 'refused' },
  ],
  ['read-only', storage({ readOnly: true }), { B3a: 'refused' }],
  ['no volume id', storage({ volumeId: undefined }), { B3a: 'refused' }],
  ['another volume’s id', storage({ volumeId: 'cd' }), { B3a: 'refused' }],
  ['no room', storage({ freeBytes: 9 }), { B3a: 'held' }],
  ['no inodes', storage({ freeInodes: 9 }), { B3a: 'held' }],
  ['inodes as needed', storage({ freeInodes: 0, totalInodes: 0 }), {}],
  ['a brick that nobody read', extra('storage', { bricks: [] }), { B3a: 'unknown' }],
  [
    'a folder that is gone',
    extra('storage', { bricks: [{ brick: idOf('pve3'), storage: unseen }] }),
    { B3a: 'unknown' },
  ],
  ['the brick is the mount point itself', storage({ insideMount: '/', mountedOn: '/b' }), {}],
  ['a note that is not understood', storage({ insideMount: '/other', mountedOn: '/b' }), {}],
  [
    'the mount point itself, and not mounted',
    storage({ insideMount: '/', mountedOn: '/x' }),
    { B3a: 'refused' },
  ],
])('%s', (_, facts, expected) => {
  expect(shut([facts])).toEqual(expected);
});
