import { describe, expect, it } from 'vitest';
import type { GateFacts } from '../gates/facts.ts';
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
} from '../gates/site.fixture.ts';
import { FILE_COUNTS, of, thrice, told } from './exporter.fixture.ts';
import type { Sample } from './metrics.ts';

describe('a brick that heal info could not ask', () => {
  const list = nodeOf('pve1').healInfo;
  const bricks = (change: object) =>
    list.seen ? list.bricks.map((one) => (one.brick === idOf('pve3') ? { ...one, ...change } : one)) : [];
  const listing = (change: object) => ({ seen: true, bricks: bricks(change) }) as const;
  const DASH = { connected: false, entries: { seen: false, because: '-' } };
  const seenBy = (names: readonly string[], change: object): readonly Sample[] =>
    told([
      site({
        nodes: NAMES.map((name) =>
          nodeOf(
            name,
            names.includes(name) ? { healInfo: listing(change), splitBrain: listing(change) } : {},
          ),
        ),
      }),
    ]);

  it.each<[string, readonly string[], object]>([
    ['a dash on both witnesses', ['pve1', 'pve2'], DASH],
    ['a dash on one of them', ['pve2'], DASH],
    ['a number, but not connected', ['pve1', 'pve2'], { connected: false }],
  ])('%s: no number, and incomplete', (_, names, change) => {
    const samples = seenBy(names, change);
    expect(of(samples, 'gluster_volume_heal_count')).toEqual({ '/b pve1': 0, '/b pve2': 0 });
    expect(of(samples, 'gluster_volume_split_brain_heal_count')).toEqual({});
    expect(of(samples, 'healproof_heal_info_complete')).toEqual({ '': 0 });
  });
  it('a witness that did not answer at all leaves the other one’s numbers, and makes it incomplete', () => {
    const no = { seen: false, because: 'timed out' } as const;
    const samples = told([
      site({
        nodes: NAMES.map((name) => nodeOf(name, name === 'pve2' ? { healInfo: no, splitBrain: no } : {})),
      }),
    ]);
    expect(of(samples, 'gluster_volume_heal_count')).toEqual({ '/b pve1': 0, '/b pve2': 0, '/b pve3': 0 });
    expect(of(samples, 'gluster_volume_split_brain_heal_count')).toEqual({});
    expect(of(samples, 'healproof_heal_info_complete')).toEqual({ '': 0 });
  });
  it('the larger of two numbers is told', () => {
    const samples = seenBy(['pve2'], { entries: { seen: true, count: 7 } });
    expect(of(samples, 'gluster_volume_heal_count')).toMatchObject({ '/b pve3': 7 });
  });
});

it('heal info that was left out because much is pending is told by the index', () => {
  const index = { seen: true, xattrop: 900, dirty: 1, entryChanges: 2 } as const;
  const facts = { ...withBrick('pve1', { index }), healLeftOut: 'a brick lists 900 files to heal' };
  const samples = told([facts]);
  expect(of(samples, 'gluster_volume_heal_count')).toMatchObject({ '/b pve1': 902, '/b pve2': 0 });
  expect(of(samples, 'healproof_heal_info_complete')).toEqual({ '': 1 });
});

const PENDING = '000000010000000000000000';
const accusing = (...who: readonly number[]) =>
  image(Object.fromEntries(who.map((client) => [`trusted.afr.v-client-${client}`, PENDING])));
const copies = (...files: readonly ReturnType<typeof image>[]): GateFacts =>
  site({ bricks: NAMES.map((name, at) => brickOf(name, { files: [files[at] ?? image()] })) });

it('the only good copy is told of its node', () => {
  const facts = copies(accusing(1, 2));
  const samples = told([facts, facts]);
  expect(of(samples, 'healproof_sole_good_copy_files')).toEqual({ pve1: 1, pve2: 0, pve3: 0 });
  expect(of(samples, 'healproof_split_brain_files')).toEqual({ '': 0 });
});

it('a file that was made while the bricks were listed is on one of them only, and nobody’s sole copy', () => {
  const made = site({
    bricks: NAMES.map((name) => brickOf(name, { files: name === 'pve1' ? [image()] : [] })),
  });
  expect(of(told([made]), 'healproof_sole_good_copy_files')).toEqual({});
  expect(of(told([copies(), made]), 'healproof_sole_good_copy_files')).toMatchObject({ pve1: 0 });
  expect(of(told([made, made]), 'healproof_sole_good_copy_files')).toMatchObject({ pve1: 1 });
});

it('an attribute that can’t be decoded takes away what it has a part in, and nothing else', () => {
  const damaged = copies(image({ 'trusted.afr.v-client-1': '00000001' }));
  const samples = told([damaged, damaged]);
  for (const name of FILE_COUNTS) expect(of(samples, name)).toEqual({});
  expect(of(samples, 'healproof_heal_info_complete')).toEqual({ '': 1 });
  expect(of(samples, 'healproof_gate_open')).toEqual({ pve1: 0, pve2: 0, pve3: 0 });
});

it('an arbiter knows which copy is good and is none itself', () => {
  const [first, second, third] = SET.bricks;
  if (first === undefined || second === undefined || third === undefined)
    throw new Error('bug: three bricks');
  const sets = [{ ...SET, bricks: [first, second, { ...third, arbiter: true }] }];
  const facts = copies(accusing(1), image(), accusing(1));
  const arbiter = site({
    nodes: NAMES.map((name) => nodeOf(name, { layout: { seen: true, sets } })),
    bricks: facts.bricks.map((one, at) => ({ ...one, arbiter: at === 2 })),
  });
  expect(of(told([arbiter, arbiter]), 'healproof_sole_good_copy_files')).toEqual({
    pve1: 1,
    pve2: 0,
    pve3: 0,
  });
});

it('a ring of blame is none of the split-brains', () => {
  const samples = told([copies(accusing(1), accusing(2), accusing(0))]);
  expect(of(samples, 'healproof_cyclic_blame_files')).toEqual({ '': 1 });
  expect(of(samples, 'healproof_split_brain_files')).toEqual({ '': 0 });
});

it('copies that all accuse each other are a split-brain', () => {
  const samples = told([copies(accusing(1, 2), accusing(0, 2), accusing(0, 1))]);
  expect(of(samples, 'healproof_split_brain_files')).toEqual({ '': 1 });
  expect(of(samples, 'healproof_cyclic_blame_files')).toEqual({ '': 0 });
});

describe('dirty', () => {
  const dirty = (mtimeMs: number): GateFacts =>
    site({
      bricks: NAMES.map((name) =>
        brickOf(name, {
          files: [{ ...image({ 'trusted.afr.dirty': PENDING }), mtimeMs }],
          index: { seen: true, xattrop: 0, dirty: 1, entryChanges: 0 },
          indexGfids: { xattrop: [], dirty: [IMAGE_GFID], entryChanges: [] },
        }),
      ),
    });
  it.each<[string, readonly number[], object]>([
    ['in three looks and not written to: persistent', [5, 5, 5], { 'pve1:/b': 1 }],
    ['written to meanwhile: a writer', [5, 6, 7], { 'pve1:/b': 0 }],
  ])('%s', (_, times, expected) => {
    expect(of(told(times.map(dirty)), 'healproof_persistent_dirty_files')).toMatchObject(expected);
  });
  it('two looks can’t tell', () => {
    expect(of(told([dirty(5), dirty(5)]), 'healproof_persistent_dirty_files')).toEqual({});
  });
  it('a name without a file is nobody’s data', () => {
    const gone = withBrick('pve1', {
      files: [],
      indexGfids: { xattrop: [], dirty: [IMAGE_GFID], entryChanges: [] },
    });
    expect(of(told(thrice(gone)), 'healproof_persistent_dirty_files')).toMatchObject({ 'pve1:/b': 0 });
  });
});
