/** Each condition is flipped by its own trouble, and only the conditions that should flip do. */
import { describe, expect, it } from 'vitest';
import { node } from '../model/names.ts';
import { CONDITIONS } from './gates.ts';
import { reasons } from './decision.ts';
import type { GateFacts, NodeFacts } from './facts.ts';
import { SITE } from './extras.fixture.ts';
import {
  brickOf,
  idOf,
  image,
  IMAGE_GFID,
  NAMES,
  nodeOf,
  SET,
  site,
  withBrick,
  withNode,
} from './site.fixture.ts';

const rule = (...looks: readonly [GateFacts, ...GateFacts[]]) =>
  CONDITIONS.map((one) => ({
    code: one.code,
    decision: one.decide(looks, { node: node('pve2'), site: SITE, looks, soakMs: 600_000 }),
  }));

/** Codes and kinds of what is not open. */
const shut = (...looks: readonly [GateFacts, ...GateFacts[]]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    rule(...looks)
      .filter(({ decision }) => decision.kind !== 'open')
      .map(({ code, decision }) => [code, decision.kind]),
  );
const says = (facts: GateFacts, code: string): string =>
  rule(facts)
    .filter((one) => one.code === code)
    .flatMap((one) => reasons(one.decision))
    .join('\n');

const healthy = nodeOf('pve1');
const info = (options: Readonly<Record<string, string>>, change = {}): Partial<NodeFacts> =>
  healthy.info.seen ? { info: { ...healthy.info, options, ...change } } : {};
const peers = (change: object): Partial<NodeFacts> =>
  healthy.peers.seen
    ? {
        peers: {
          seen: true,
          peers: healthy.peers.peers.map((one) => (one.hostname === 'pve3' ? { ...one, ...change } : one)),
        },
      }
    : {};
const rows = (keep: (row: { readonly kind: string; readonly name: string }) => boolean): Partial<NodeFacts> =>
  healthy.status.seen
    ? { status: { ...healthy.status, rows: healthy.status.rows.filter((row) => keep(row)) } }
    : {};
const clients = (connected: boolean): Partial<NodeFacts> => ({
  mounts: {
    seen: true,
    mounts: [
      {
        path: '/mnt',
        clients: {
          seen: true,
          bricks: SET.bricks.map((one, index) => ({
            client: one.client,
            connected: connected || index !== 2,
          })),
          sets: [
            { set: SET.name, childUp: [true, true, connected], quorumType: 'auto', quorumCount: undefined },
          ],
        },
      },
    ],
  },
});
const heal = (change: object): NodeFacts['healInfo'] =>
  healthy.healInfo.seen
    ? {
        seen: true,
        bricks: healthy.healInfo.bricks.map((one, index) => (index === 2 ? { ...one, ...change } : one)),
      }
    : healthy.healInfo;
const gone: NodeFacts['healInfo'] = { seen: false, because: 'it printed nothing' };
const word = (data: number): string => `${data.toString(16).padStart(8, '0')}${'0'.repeat(16)}`;
const accuses = (client: number): Readonly<Record<string, string>> => ({
  [`trusted.afr.v-client-${client}`]: word(1),
});
const disconnected = { connected: false, status: 'Transport endpoint is not connected', entries: gone };

it('a whole site is open', () => {
  expect(shut(site())).toEqual({});
});

describe('configuration, processes, connections', () => {
  it.each<[string, GateFacts, Readonly<Record<string, string>>]>([
    [
      'a peer that is rejected',
      withNode('pve1', peers({ state: 6, stateName: 'Peer Rejected' })),
      { A2: 'refused' },
    ],
    [
      'a peer that is not connected',
      withNode('pve1', peers({ connected: false })),
      { A2: 'held', E2: 'refused' },
    ],
    ['peer status that was not seen', withNode('pve1', { peers: gone }), { A2: 'unknown', E2: 'unknown' }],
    [
      'self-heal switched off',
      withNode('pve1', info({ 'cluster.self-heal-daemon': 'off' })),
      { A1: 'refused', A3b: 'refused' },
    ],
    [
      'a long heal timeout',
      withNode('pve1', info({ 'cluster.heal-timeout': '6000' })),
      { A1: 'refused', A3b: 'refused' },
    ],
    [
      'a volume that is stopped',
      withNode('pve1', info({}, { status: 'Stopped' })),
      { A1: 'refused', A3b: 'refused' },
    ],
    [
      'a favourite child',
      withNode('pve1', info({ 'cluster.favorite-child-policy': 'mtime' })),
      { A1: 'refused', A3c: 'refused' },
    ],
    [
      'a missing brick row',
      withNode(
        'pve1',
        rows((row) => row.name !== idOf('pve3')),
      ),
      { B1: 'unknown' },
    ],
    [
      'missing daemon rows',
      withNode(
        'pve1',
        rows((row) => row.kind !== 'self-heal'),
      ),
      { B1: 'unknown' },
    ],
    ['a client that lost a brick', withNode('pve1', clients(false)), { C2: 'held', E1: 'refused' }],
    ['a node without a mount', withNode('pve3', { mounts: { seen: true, mounts: [] } }), { C2: 'held' }],
    ['a mount that does not answer', withNode('pve3', { mounts: gone }), { C2: 'unknown', E1: 'unknown' }],
  ])('%s', (_, facts, expected) => {
    expect(shut(facts)).toEqual(expected);
  });

  it('a node that rebooted between two looks', () => {
    const before = withNode('pve1', {
      identity: { seen: true, uuid: 'uuid-pve1', bootId: 'other', uptimeMs: 3_600_000, epochMs: 0 },
    });
    expect(shut(before, site())).toEqual({ B0: 'held' });
  });

  it('two bricks, written alone in turn', () => {
    const set = { ...SET, bricks: SET.bricks.slice(0, 2) };
    const facts = site({
      nodes: NAMES.map((name) => nodeOf(name, { layout: { seen: true, sets: [set] } })),
    });
    expect(shut(facts)).toMatchObject({ A3a: 'refused' });
  });
});

describe('what heal info says', () => {
  it.each<[string, Partial<NodeFacts>, Readonly<Record<string, string>>]>([
    ['entries', { healInfo: heal({ entries: { seen: true, count: 10 }, listed: ['/x'] }) }, { D2: 'held' }],
    [
      'entries in the XML only',
      { healInfoXml: heal({ entries: { seen: true, count: 120 } }) },
      { D2: 'held' },
    ],
    ['a dash', { healInfo: heal(disconnected) }, { D2: 'unknown' }],
    [
      'a number without a connection',
      { healInfo: heal({ connected: false, status: '' }) },
      { D2: 'unknown' },
    ],
    ['nothing', { healInfo: gone }, { D2: 'unknown', D3: 'unknown' }],
    ['split-brain in the text only', { healInfo: heal({ inSplitBrain: ['/x'] }) }, { D3: 'refused' }],
    [
      'split-brain in the count only',
      { splitBrain: heal({ entries: { seen: true, count: 1 } }) },
      { D3: 'refused' },
    ],
    ['a brick left out', { healInfo: { seen: true, bricks: [] } }, { D2: 'unknown' }],
  ])('%s', (_, change, expected) => {
    expect(shut(withNode('pve2', change))).toEqual(expected);
  });

  it('left out on purpose, it waits', () => {
    expect(shut(site({ healLeftOut: '5,000 files wait' }))).toEqual({ D2: 'held', D3: 'held' });
  });

  it('one witness is not enough', () => {
    expect(shut(site({ healWitnesses: [node('pve1')] }))).toEqual({ D2: 'unknown', D3: 'unknown' });
  });
});

describe('what lies on the bricks', () => {
  const listed = (kind: 'xattrop' | 'dirty') => ({
    index: {
      seen: true as const,
      xattrop: kind === 'xattrop' ? 1 : 0,
      dirty: kind === 'dirty' ? 1 : 0,
      entryChanges: 0,
    },
    indexGfids: { xattrop: [], dirty: [], entryChanges: [], [kind]: [IMAGE_GFID] },
  });

  it('an index entry in any look, with brick and file named', () => {
    const facts = withBrick('pve3', listed('xattrop'));
    expect(shut(facts)).toEqual({ D1: 'held', D8: 'held' });
    expect(shut(facts, site())).toEqual({ D1: 'held' });
    expect(says(facts, 'D1')).toBe(`brick pve3:/b lists 1 files to heal (${IMAGE_GFID})`);
  });

  it('dirty on every data brick is a writer; on some in every look a missed write; on some in one look only a writer caught half-way', () => {
    const everywhere = site({ bricks: NAMES.map((name) => brickOf(name, listed('dirty'))) });
    const partly = withBrick('pve3', listed('dirty'));
    const elsewhere = withBrick('pve1', listed('dirty'));
    expect(shut(everywhere)).toEqual({});
    expect(shut({ ...partly }, { ...partly }, partly)).toEqual({ D1: 'held' });
    expect(shut({ ...partly }, everywhere, partly)).toEqual({});
    expect(shut(elsewhere, partly)).toEqual({});
  });

  it.each<[string, GateFacts, Readonly<Record<string, string>>]>([
    ['an index that can’t be read', withBrick('pve3', { index: gone }), { D1: 'unknown', D8: 'unknown' }],
    [
      'one stale copy elsewhere',
      withBrick('pve2', { files: [image(accuses(2))] }),
      { D4: 'held', D5: 'held', D6: 'held' },
    ],
    [
      'cyclic blame',
      site({ bricks: NAMES.map((name, i) => brickOf(name, { files: [image(accuses((i + 1) % 3))] })) }),
      { D4: 'held', D5: 'held', D6: 'refused' },
    ],
    [
      'the only good copy on the node',
      withBrick('pve2', { files: [image({ ...accuses(0), ...accuses(2) })] }),
      { D4: 'held', D5: 'held', D6: 'refused' },
    ],
    [
      'a write left behind, though dirty everywhere',
      site({
        bricks: NAMES.map((name) => brickOf(name, { files: [image({ 'trusted.afr.dirty': word(2) })] })),
      }),
      { D4: 'held', D5: 'held' },
    ],
    ['a file that one brick lacks', withBrick('pve3', { files: [] }), { D4: 'held', D6: 'held' }],
    [
      'another gfid under the same name',
      withBrick('pve3', { files: [image({ 'trusted.gfid': '0'.repeat(32) })] }),
      { D4: 'refused' },
    ],
    ['another size', withBrick('pve3', { files: [{ ...image(), size: 1 }] }), { D4: 'held' }],
    [
      'an attribute of a wrong shape',
      withBrick('pve3', { files: [image({ 'trusted.afr.dirty': '00' })] }),
      { D4: 'unknown', D5: 'unknown', D6: 'unknown' },
    ],
  ])('%s', (_, facts, expected) => {
    expect(shut(facts)).toEqual(expected);
  });

  it('a brick that nobody read', () => {
    const away = {
      brick: idOf('pve3'),
      arbiter: false,
      accusedAs: 'x',
      seen: false,
      because: 'no answer',
    } as const;
    const facts = site({ bricks: [brickOf('pve1'), brickOf('pve2'), away] });
    expect(shut(facts)).toEqual({
      D1: 'unknown',
      D4: 'unknown',
      D5: 'unknown',
      D6: 'unknown',
      D8: 'unknown',
    });
  });
});
