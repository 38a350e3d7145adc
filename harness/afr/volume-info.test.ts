import { describe, expect, test } from 'vitest';
import { parseVolfile, parseVolumeInfo, rulesOf } from './volume-info.ts';

const TEXT = `
Volume Name: vmstore
Type: Replicate
Volume ID: 6f9a1b2c-3d4e-5f60-7182-93a4b5c6d7e8
Status: Started
Number of Bricks: 1 x (2 + 1) = 3
Bricks:
Brick1: pve1:/bricks/vmstore/brick
Brick2: pve2:/bricks/vmstore/brick
Brick3: pve3:/bricks/vmstore/brick (arbiter)
Options Reconfigured:
cluster.quorum-type: auto
cluster.favorite-child-policy: mtime
`;

describe('gluster volume info', () => {
  test('text', () => {
    const [volume] = parseVolumeInfo(TEXT, 'info');
    expect(volume).toMatchObject({
      name: 'vmstore',
      id: '6f9a1b2c-3d4e-5f60-7182-93a4b5c6d7e8',
      replicaCount: 3,
    });
    expect(volume?.bricks).toEqual(
      [1, 2, 3].map((n) => ({ id: `pve${n}:/bricks/vmstore/brick`, arbiter: n === 3 })),
    );
    expect(volume === undefined ? undefined : rulesOf(volume)).toEqual({
      quorum: { type: 'auto' },
      favoriteChild: 'mtime',
    });
  });
  test('--xml', () => {
    const xml = `<cliOutput><volInfo><volumes><volume><name>v</name><id>x</id><replicaCount>2</replicaCount><bricks>
      <brick uuid="u">a:/b<name>a:/b</name><isArbiter>0</isArbiter></brick><brick uuid="u">c:/d<name>c:/d</name><isArbiter>0</isArbiter></brick>
      </bricks><options><option><name>cluster.quorum-type</name><value>fixed</value></option></options></volume></volumes></volInfo></cliOutput>`;
    const [volume] = parseVolumeInfo(xml, 'info');
    expect(volume).toMatchObject({ name: 'v', replicaCount: 2, options: { 'cluster.quorum-type': 'fixed' } });
    expect(volume?.bricks.map((b) => b.id)).toEqual(['a:/b', 'c:/d']);
    expect(volume === undefined ? undefined : rulesOf(volume).quorum).toEqual({ type: 'none' });
  });
  test('distributed: sets of two', () => {
    const text = TEXT.replace('1 x (2 + 1) = 3', '2 x 2 = 4').replace(
      'Brick3: pve3:/bricks/vmstore/brick (arbiter)',
      'Brick3: pve3:/b\nBrick4: pve4:/b',
    );
    expect(parseVolumeInfo(text, 'info')[0]).toMatchObject({ replicaCount: 2 });
  });
  test('something else is refused by name', () => {
    expect(() => parseVolumeInfo('No volumes present', 'info.txt')).toThrow(/info\.txt:1: no volume found/);
    expect(() => parseVolumeInfo('Volume Name: d\nNumber of Bricks: 1\nBrick1: a:/b\n', 'info.txt')).toThrow(
      /not a replicated volume/,
    );
  });
});

test('a volume file tells which attribute accuses which brick, also after bricks were replaced', () => {
  const client = (name: string, host: string): string =>
    `volume ${name}\n    type protocol/client\n    option remote-subvolume /b\n    option remote-host ${host}\nend-volume\n`;
  const text = `${client('v-client-0', 'a')}\n${client('v-client-1', 'b')}\nvolume v-replicate-0\n    type cluster/replicate\n    option afr-pending-xattr v-client-2,v-client-5\n    subvolumes v-client-0 v-client-1\nend-volume\n`;
  expect(parseVolfile(text)).toEqual([
    [
      { client: 'v-client-0', id: 'a:/b', accusedAs: 'trusted.afr.v-client-2' },
      { client: 'v-client-1', id: 'b:/b', accusedAs: 'trusted.afr.v-client-5' },
    ],
  ]);
});
