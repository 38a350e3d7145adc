import { expect, it } from 'vitest';
import { extra, shut, unseen } from '../asking.fixture.ts';
import type { Row } from '../asking.fixture.ts';
import { extrasOf, SURROUNDINGS } from '../extras.fixture.ts';
import { NAMES, nodeOf, site } from '../site.fixture.ts';

const hours = 3_600_000;

it.each<Row>([
  [
    'old backups',
    site({
      atMs: 25 * hours,
      surroundings: { ...SURROUNDINGS, alerting: { seen: true, heartbeatAtMs: 25 * hours, silences: [] } },
    }),
    { F3: 'held' },
  ],
  [
    'no backup',
    site({
      nodes: NAMES.map((name) =>
        nodeOf(name, { extra: { ...extrasOf(name), backups: { seen: true, folders: [] } } }),
      ),
    }),
    { F3: 'refused' },
  ],
  [
    'on the volume itself',
    extra('backups', {
      folders: [{ path: '/mnt/v/dump', source: 'pve1:/v', fileSystem: 'fuse.glusterfs', files: [] }],
    }),
    { F3: 'refused' },
  ],
  [
    'in a folder of the volume that is mounted by itself',
    extra('backups', {
      folders: [{ path: '/mnt/dump', source: 'pve1:/v/dump', fileSystem: 'fuse.glusterfs', files: [] }],
    }),
    { F3: 'refused' },
  ],
  [
    'nobody could look',
    site({ nodes: NAMES.map((name) => nodeOf(name, { extra: { ...extrasOf(name), backups: unseen } })) }),
    { F3: 'unknown' },
  ],
])('%s', (_, facts, expected) => {
  expect(shut([facts])).toEqual(expected);
});
