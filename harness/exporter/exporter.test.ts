import { describe, expect, it } from 'vitest';
import { brickOf, NAMES, nodeOf, site } from '../gates/site.fixture.ts';
import { node } from '../model/names.ts';
import { exported, NOTHING_SEEN } from './exporter.ts';
import {
  FILE_COUNTS,
  away,
  EXPORTING,
  GATE,
  of,
  thrice,
  told,
  UNREADABLE,
  without,
  written,
} from './exporter.fixture.ts';
import { METRICS, metricsTable } from './metrics.ts';
import { exporterGate } from './of-gate.ts';

describe('a whole site', () => {
  const samples = told(thrice(site()));

  it('tells every metric of the table but those that nothing brought about, and no other', () => {
    expect([...new Set(samples.map(({ name }) => name))].toSorted()).toEqual(
      METRICS.map(({ name }) => name).toSorted(),
    );
  });

  it('gives each sample the labels of its metric, and tells none twice', () => {
    for (const one of samples)
      expect(Object.keys(one.labels)).toEqual(METRICS.find(({ name }) => name === one.name)?.labels);
    const all = samples.map((one) => `${one.name} ${written(one)}`);
    expect(new Set(all).size).toBe(all.length);
  });

  it('counts nothing to heal, a margin of one, and an open gate for every node', () => {
    expect(of(samples, 'healproof_index_entries')).toMatchObject({
      'pve1:/b xattrop': 0,
      'pve3:/b dirty': 0,
    });
    expect(of(samples, 'healproof_quorum_margin')).toEqual({ pve1: 1, pve2: 1, pve3: 1 });
    expect(of(samples, 'healproof_heal_info_complete')).toEqual({ '': 1 });
    expect(of(samples, 'healproof_gate_open')).toEqual({ pve1: 1, pve2: 1, pve3: 1 });
    expect(of(samples, 'healproof_last_success_timestamp_seconds')).toEqual({ '': 3 });
  });
});

it('one look opens no gate', () => {
  expect(of(told([site()]), 'healproof_gate_state')).toMatchObject({ 'pve1 open': 0, 'pve1 held': 1 });
});

it('says when a gate waits for nothing but more looks, so that they are taken soon', () => {
  const pending = site({
    bricks: NAMES.map((name) =>
      brickOf(name, { index: { seen: true, xattrop: 5, dirty: 0, entryChanges: 0 } }),
    ),
  });
  let memory = NOTHING_SEEN;
  const opening = [pending, site(), site(), site(), pending].map((facts, index) => {
    const now = exported(EXPORTING, memory, { ...facts, atMs: (index + 1) * 1000 });
    ({ memory } = now);
    return now.opening;
  });
  expect(opening).toEqual([false, true, true, false, false]);
});

describe('a brick that can’t be read', () => {
  const samples = told([site(), site(), without('pve3')]);

  it('is a state of its own and no number', () => {
    expect(of(samples, 'healproof_brick_readable')).toEqual({ 'pve1:/b': 1, 'pve2:/b': 1, 'pve3:/b': 0 });
    expect(Object.keys(of(samples, 'healproof_index_entries'))).not.toContain('pve3:/b xattrop');
    expect(of(samples, 'healproof_heal_info_complete')).toEqual({ '': 0 });
  });

  it('leaves out every count that it could have a part in', () => {
    for (const name of FILE_COUNTS) expect(of(samples, name)).toEqual({});
    expect(of(samples, 'healproof_persistent_dirty_files')).toEqual({ 'pve1:/b': 0, 'pve2:/b': 0 });
  });

  it('opens no gate, and the last success stays where it was', () => {
    expect(of(samples, 'healproof_gate_open')).toEqual({ pve1: 0, pve2: 0, pve3: 0 });
    expect(of(samples, 'healproof_last_success_timestamp_seconds')).toEqual({ '': 2 });
    expect(of(samples, 'healproof_last_look_timestamp_seconds')).toEqual({ '': 3 });
  });
});

it('when nobody answers, bricks are known from before, and none of them is read', () => {
  const nobody = site({ nodes: NAMES.map(away), bricks: [], audited: UNREADABLE, healWitnesses: [] });
  const samples = told([site(), nobody]);
  expect(of(samples, 'healproof_brick_readable')).toEqual({ 'pve1:/b': 0, 'pve2:/b': 0, 'pve3:/b': 0 });
  expect(of(samples, 'healproof_volume_bricks')).toEqual({ '': 3 });
  expect(of(samples, 'healproof_node_answered')).toEqual({ pve1: 0, pve2: 0, pve3: 0 });
  expect(of(samples, 'healproof_heal_info_complete')).toEqual({ '': 0 });
  expect(of(samples, 'healproof_gate_open')).toEqual({});
  expect(of(samples, 'healproof_gate_state')).toMatchObject({ 'pve1 unknown': 1, 'pve1 open': 0 });
});

it('a condition that refuses is told apart from one that could not see', () => {
  const one = nodeOf('pve1').info;
  const blind = site({
    nodes: NAMES.map((name) =>
      nodeOf(name, name === 'pve1' ? { info: { seen: false, because: 'glusterd is away' } } : {}),
    ),
  });
  expect(of(told([blind]), 'healproof_gate_condition_open')).toMatchObject({ 'pve2 A3b': 0 });
  expect(of(told([blind]), 'healproof_gate_condition_refused')).toMatchObject({ 'pve2 A3b': 0 });
  if (!one.seen) throw new Error('bug: the fixture has volume info');
  const options = { ...one.options, 'cluster.self-heal-daemon': 'off' };
  const off = site({ nodes: NAMES.map((name) => nodeOf(name, { info: { ...one, options } })) });
  expect(of(told([off]), 'healproof_gate_condition_refused')).toMatchObject({ 'pve2 A3b': 1, 'pve2 A3c': 0 });
});

it('a peer that one node rejects, and one that it has lost', () => {
  const peers = nodeOf('pve1').peers;
  if (!peers.seen) throw new Error('bug: the fixture has peers');
  const [first, second] = peers.peers;
  if (first === undefined || second === undefined) throw new Error('bug: the fixture has two peers');
  const odd = [
    { ...first, state: 6, stateName: 'Peer Rejected (Connected)' },
    { ...second, connected: false },
  ];
  const samples = told([
    site({
      nodes: NAMES.map((one) => nodeOf(one, one === 'pve1' ? { peers: { seen: true, peers: odd } } : {})),
    }),
  ]);
  expect(of(samples, 'healproof_peer_rejected')).toMatchObject({ 'pve1 pve2': 1, 'pve3 pve2': 0 });
  expect(of(samples, 'gluster_peer_connected')).toEqual({ pve1: 1, pve2: 1, pve3: 0 });
});

it('a waiver counts, and section F is asked only by name', () => {
  expect(GATE.conditions.map(({ section }) => section)).not.toContain('F');
  const routers = exporterGate({ profile: 'full', only: ['F2'], skip: [] }, 60_000);
  expect(routers.conditions.map(({ code }) => code)).toEqual(['F2']);
  const waived = {
    gate: routers,
    about: (name: ReturnType<typeof node>) => ({
      node: name,
      waivers: [{ condition: 'F2', why: 'no routers' }],
    }),
  };
  const { samples } = exported(waived, NOTHING_SEEN, site());
  expect(of(samples, 'healproof_gate_condition_open')).toEqual({ 'pve1 F2': 1, 'pve2 F2': 1, 'pve3 F2': 1 });
});

it('old looks keep no files, and a gate stays open over many of them', () => {
  let memory = NOTHING_SEEN;
  let open: object = {};
  for (let at = 1; at <= 30; at += 1) {
    const next = exported(EXPORTING, memory, site({ atMs: at * 500 }));
    ({ memory } = next);
    open = of(next.samples, 'healproof_gate_open');
  }
  expect(open).toEqual({ pve1: 1, pve2: 1, pve3: 1 });
  expect(memory.looks).toHaveLength(20);
  const files = memory.looks.map(({ bricks }) => bricks.flatMap((one) => (one.seen ? one.files : [])).length);
  expect(files.filter((count) => count > 0)).toHaveLength(5);
});

it('a window outlasts the interval', () => {
  const slow = exporterGate({ profile: 'fast', only: [], skip: [] }, 300_000);
  expect(slow.stability.gapMs).toBe(900_000);
  expect(slow.conditions.map(({ needs }) => needs)).not.toContain('full');
});

it('a node alone tells of itself: its brick, its client, nothing that needs the others', () => {
  const { brick, arbiter, accusedAs } = brickOf('pve1');
  const alone = site({
    profile: 'fast',
    nodes: [nodeOf('pve2')],
    bricks: [{ brick, arbiter, accusedAs, ...UNREADABLE }, brickOf('pve2')],
    audited: UNREADABLE,
    healWitnesses: [],
  });
  const { samples } = exported({ ...EXPORTING, local: node('pve2') }, NOTHING_SEEN, alone);
  const local = METRICS.filter((one) => one.local === true).map(({ name }) => name);
  expect([...new Set(samples.map(({ name }) => name))].toSorted()).toEqual(local.toSorted());
  expect(of(samples, 'healproof_brick_readable')).toEqual({ 'pve2:/b': 1 });
  expect(of(samples, 'healproof_brick_online')).toEqual({ 'pve2:/b': 1 });
  expect(of(samples, 'gluster_brick_up')).toEqual({ 'pve2 /b': 1 });
  expect(Object.keys(of(samples, 'healproof_client_brick_connected'))).toHaveLength(3);
  expect(of(samples, 'healproof_last_success_timestamp_seconds')).toEqual({ '': 0 });
});

it('profile fast tells nothing that only full can know', () => {
  const fast = exported(
    { ...EXPORTING, gate: exporterGate({ profile: 'fast', only: [], skip: [] }, 1000) },
    NOTHING_SEEN,
    site({ profile: 'fast', audited: UNREADABLE, healWitnesses: [] }),
  );
  const full = METRICS.filter(({ needs }) => needs === 'full').map(({ name }) => name);
  const peers = ['healproof_peer_rejected', 'gluster_peer_connected'];
  const names = fast.samples.map(({ name }) => name);
  expect(of(fast.samples, 'healproof_heal_info_complete')).toEqual({ '': 1 });
  expect(full.filter((name) => names.some((one) => one === name) && !peers.includes(name))).toEqual([]);
});

it('the table has a row for each', () => {
  expect(metricsTable().split('\n')).toHaveLength(METRICS.length + 2);
});
