import { describe, expect, test } from 'vitest';
import { parseVolumeInfo, rulesOf } from './volume-info.ts';

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
  });
  test('volumes that hold no copies are named as such, and do not stand in the way of others', () => {
    const other = (type: string, bricks: string): string =>
      TEXT.replace('vmstore', 'other').replace('Replicate', type).replace('1 x (2 + 1) = 3', bricks);
    const unfit = (text: string): readonly (string | undefined)[] =>
      parseVolumeInfo(text, 'info.txt').map((v) => v.unfit);
    expect(unfit(TEXT + other('Disperse', '1 x (2 + 1) = 3'))).toEqual([
      undefined,
      expect.stringContaining('volume other is of type Disperse: each brick holds a fragment'),
    ]);
    expect(unfit(other('Distribute', '3'))[0]).toContain('not a replicated volume');
    expect(unfit('Volume Name: d\nNumber of Bricks: 1\nBrick1: a:/b\n')[0]).toContain(
      'not a replicated volume',
    );
    expect(
      unfit(
        '<cliOutput><volume><name>d</name><typeStr>Distributed-Disperse</typeStr><brickCount>0</brickCount><replicaCount>3</replicaCount></volume></cliOutput>',
      )[0],
    ).toContain('fragment');
  });
  test('half an output is refused, and a brick may lie at a path with a blank', () => {
    expect(() => parseVolumeInfo(TEXT.replace(/Brick3.*\n/, ''), 'info.txt')).toThrow(
      /info\.txt: volume vmstore should have 3 bricks, and 2 are listed/,
    );
    expect(parseVolumeInfo(TEXT.replace('/bricks', '/my bricks'), 'info.txt')[0]?.bricks[0]).toEqual({
      id: 'pve1:/my bricks/vmstore/brick',
      arbiter: false,
    });
  });
});
