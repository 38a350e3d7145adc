import { describe, expect, it } from 'vitest';
import * as odd from './fixtures.fixture.ts';
import { parsePeers, parsePool, parseVolumeStatus } from './parse-volume.ts';

describe('volume status', () => {
  it('keeps N/A as missing, and makes up no rows for a node that is away', () => {
    const { rows } = parseVolumeStatus(odd.STATUS_DOWN, 'v');
    expect(rows.map((row) => [row.kind, row.name, row.online])).toEqual([
      ['brick', 'ho1:/b', true],
      ['brick', 'ho2:/b', false],
      ['self-heal', 'Self-heal Daemon', true],
      ['self-heal', 'Self-heal Daemon', false],
    ]);
    expect(rows[1]).toMatchObject({ port: undefined, pid: undefined });
    expect(rows[2]).toMatchObject({ port: undefined, pid: 300 });
  });

  it('is about the volume that was asked for, or about none', () => {
    expect(() => parseVolumeStatus(odd.STATUS_DOWN, 'other')).toThrow(/not about volume other but about v/);
  });

  it('says what glusterd said when it refused', () => {
    expect(() => parseVolumeStatus(odd.LOCKED, 'v')).toThrow(/Another transaction is in progress/);
    expect(() => parseVolumeStatus(odd.NO_GLUSTERD, 'v')).toThrow(/XML/);
  });
});

describe('peers', () => {
  it('a peer that is away is still "in cluster", only not connected', () => {
    expect(parsePeers(odd.PEERS_DOWN).peers).toEqual([
      { uuid: 'u2', hostname: 'ho2', connected: false, state: 3, stateName: 'Peer in Cluster' },
    ]);
    expect(parsePeers(odd.PEERS_NONE).peers).toEqual([]);
  });

  it('the pool lists the node itself without a state', () => {
    expect(parsePool(odd.POOL).members.map((one) => [one.uuid, one.state])).toEqual([
      ['u2', 3],
      ['u1', 3],
    ]);
    expect(() => parsePool(odd.PEERS_NONE)).toThrow(/empty/);
  });
});
