import { describe, expect, it } from 'vitest';
import type { GateFacts, NodeFacts } from '../gates/facts.ts';
import { extrasOf, processesOf } from '../gates/extras.fixture.ts';
import { NAMES, nodeOf, SET, site, withExtra } from '../gates/site.fixture.ts';
import { node } from '../model/names.ts';
import { exported, NOTHING_SEEN } from './exporter.ts';
import { away, EXPORTING, of, told } from './exporter.fixture.ts';

describe('processes', () => {
  const processes = (name: string, list: ReturnType<typeof processesOf>): GateFacts => {
    const own = extrasOf(name).processes;
    return withExtra(name, { processes: own.seen ? { ...own, list } : own });
  };
  const changed = (kind: string, state: string) =>
    processesOf(2).map((one) => (one.kind === kind ? { ...one, state } : one));

  it('no process serves the brick', () => {
    const samples = told([
      processes(
        'pve3',
        processesOf(2).filter((one) => one.kind !== 'brick'),
      ),
    ]);
    expect(of(samples, 'healproof_brick_online')).toMatchObject({ 'pve1:/b': 1, 'pve3:/b': 0 });
    expect(of(samples, 'gluster_brick_up')).toMatchObject({ 'pve1 /b': 1, 'pve3 /b': 0 });
    expect(of(samples, 'healproof_shd_brick_connected')).toMatchObject({
      'pve1 pve3:/b': 0,
      'pve1 pve2:/b': 1,
    });
    // Its index lies on the disk all the same.
    expect(of(samples, 'healproof_brick_readable')).toMatchObject({ 'pve3:/b': 1 });
  });
  it('a brick that is stopped by a signal is not online', () => {
    expect(of(told([processes('pve3', changed('brick', 'T'))]), 'healproof_brick_online')).toMatchObject({
      'pve3:/b': 0,
    });
  });
  it('a self-heal daemon that is stopped does not run, and has nobody', () => {
    const samples = told([processes('pve3', changed('self-heal', 'T'))]);
    expect(of(samples, 'healproof_shd_running')).toEqual({ pve1: 1, pve2: 1, pve3: 0 });
    expect(of(samples, 'healproof_shd_brick_connected')).toMatchObject({ 'pve3 pve1:/b': 0 });
  });
});

it('a mount that has lost a brick, and its margin', () => {
  const mounts = nodeOf('pve2').mounts;
  const [mount] = mounts.seen ? mounts.mounts : [];
  if (mount?.clients.seen !== true) throw new Error('bug: the fixture has a mount');
  const bricks = mount.clients.bricks.map((one, at) => ({ ...one, connected: at < 1 }));
  const lost = { seen: true, mounts: [mount, { ...mount, clients: { ...mount.clients, bricks } }] } as const;
  const samples = told([
    site({ nodes: NAMES.map((one) => nodeOf(one, one === 'pve2' ? { mounts: lost } : {})) }),
  ]);
  expect(of(samples, 'healproof_client_brick_connected')).toMatchObject({
    'pve2 pve1:/b': 1,
    'pve2 pve3:/b': 0,
    'pve1 pve3:/b': 1,
  });
  expect(of(samples, 'healproof_quorum_margin')).toEqual({ pve1: 1, pve2: -1, pve3: 1 });
});

describe('a mount', () => {
  const withMounts = (mounts: NodeFacts['mounts']): GateFacts =>
    site({ nodes: NAMES.map((one) => nodeOf(one, one === 'pve2' ? { mounts } : {})) });
  const [mount] = (({ mounts }) => (mounts.seen ? mounts.mounts : []))(nodeOf('pve2'));
  if (mount === undefined) throw new Error('bug: the fixture has a mount');
  const dead = { ...mount, clients: { seen: false, because: '.meta can’t be read' } } as const;

  it.each<[string, NodeFacts['mounts']]>([
    ['that hangs', { seen: false, because: 'no answer within 5 s' }],
    ['that is not there', { seen: true, mounts: [] }],
    ['whose client has died', { seen: true, mounts: [dead] }],
    ['beside another one that tells', { seen: true, mounts: [mount, dead] }],
  ])('%s does not answer, and says nothing of bricks', (_, mounts) => {
    const samples = told([withMounts(mounts)]);
    expect(of(samples, 'healproof_mount_answers')).toEqual({ pve1: 1, pve2: 0, pve3: 1 });
    expect(Object.keys(of(samples, 'healproof_client_brick_connected'))).not.toContain('pve2 pve1:/b');
    expect(of(samples, 'healproof_quorum_margin')).toEqual({ pve1: 1, pve3: 1 });
  });

  it('is nobody’s business where the site has none by design, and where its node is off', () => {
    const none = withMounts({ seen: true, mounts: [] });
    const waived = {
      ...EXPORTING,
      about: (name: ReturnType<typeof node>) => ({
        node: name,
        waivers: name === 'pve2' ? [{ condition: 'C2', why: 'it holds the arbiter' }] : [],
      }),
    };
    const described = {
      ...EXPORTING,
      about: (name: ReturnType<typeof node>) => ({
        node: name,
        waivers: [],
        site: { withoutMount: [node('pve2')] },
      }),
    };
    for (const exporting of [waived, described])
      expect(of(exported(exporting, NOTHING_SEEN, none).samples, 'healproof_mount_answers')).toEqual({
        pve1: 1,
        pve3: 1,
      });
    const off = site({ nodes: NAMES.map((one) => (one === 'pve2' ? away(one) : nodeOf(one))) });
    expect(of(told([off]), 'healproof_mount_answers')).toEqual({ pve1: 1, pve3: 1 });
  });
});

describe('the margin of two bricks under quorum auto', () => {
  const withTwo = (connected: readonly boolean[]): GateFacts => {
    const [first, second] = SET.bricks;
    if (first === undefined || second === undefined) throw new Error('bug: the fixture has bricks');
    const sets = [{ ...SET, bricks: [first, second] }];
    return site({
      nodes: NAMES.map((one) => {
        const { mounts } = nodeOf(one);
        if (!mounts.seen) throw new Error('bug: the fixture has a mount');
        const twos = mounts.mounts.map(({ path, clients }) => {
          if (!clients.seen) throw new Error('bug: the fixture’s client tells');
          const bricks = clients.bricks
            .slice(0, 2)
            .map(({ client }, at) => ({ client, connected: connected[at] === true }));
          return { path, clients: { ...clients, bricks } };
        });
        return nodeOf(one, { layout: { seen: true, sets }, mounts: { seen: true, mounts: twos } });
      }),
    });
  };
  it.each<[string, readonly boolean[], number]>([
    ['both', [true, true], 1],
    ['the first one alone, which is enough', [true, false], 0],
    ['the second one alone, which is not', [false, true], -1],
  ])('%s', (_, connected, margin) => {
    expect(of(told([withTwo(connected)]), 'healproof_quorum_margin')).toEqual({
      pve1: margin,
      pve2: margin,
      pve3: margin,
    });
  });
});
