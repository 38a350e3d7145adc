import { describe, expect, test } from 'vitest';
import { CONDITIONS } from '../gates/gates.ts';
import { conditionNamed, gateFor } from '../gates/asking.ts';
import type { GateFacts } from '../gates/facts.ts';
import { withStability } from '../gates/gate.ts';
import { SITE } from '../gates/extras.fixture.ts';
import { brickOf, IMAGE_GFID, NAMES, site } from '../gates/site.fixture.ts';
import { node } from '../model/names.ts';
import { backlogOf, stalledFor, trendOf } from '../gates/backlog.ts';
import { waitForGate } from './wait.ts';
import type { Waiting } from './wait.ts';

const pending = (count: number): GateFacts =>
  site({
    bricks: NAMES.map((name) =>
      brickOf(
        name,
        name === 'pve3' ? {} : { index: { seen: true, xattrop: count, dirty: 0, entryChanges: 0 } },
      ),
    ),
  });
const at = (second: number, count: number | undefined) => ({
  ...backlogOf(pending(count ?? 0)),
  atMs: second * 1000,
  most: count,
});
const series = (...counts: readonly (number | undefined)[]) =>
  counts.map((count, index) => at(index * 10, count));

describe('backlog', () => {
  test('the brick that lists most, not a sum; a brick that was not read makes it unknown', () => {
    expect(backlogOf(pending(7)).most).toBe(7);
    const blind = site({
      bricks: [
        brickOf('pve1'),
        brickOf('pve2'),
        { ...brickOf('pve3'), seen: false, because: 'away' } as never,
      ],
    });
    expect(backlogOf(blind)).toMatchObject({
      most: undefined,
      bricks: [{}, {}, { pending: { because: 'away' } }],
    });
    expect(backlogOf(site({ bricks: [] })).most).toBeUndefined();
  });
  test('rate and forecast over the last minute, since the last jump', () => {
    expect(trendOf(series(100, 80, 60))).toEqual({ perSecond: 2, emptyIn: 30 });
    expect(trendOf(series(5, 5))).toEqual({ perSecond: 0, emptyIn: undefined });
    expect(trendOf(series(0, 1000, 900))).toEqual({ perSecond: 10, emptyIn: 90 });
    expect(trendOf(series(1000, 1000, 1000, 1000, 1000, 1000, 1000, 400))?.perSecond).toBe(10);
    expect(trendOf(series(10))).toBeUndefined();
    expect(trendOf(series(10, undefined))).toBeUndefined();
  });
  test('stalled: since the last look that was lower than all before it', () => {
    expect(stalledFor(series(100, 90, 90, 90))).toBe(20_000);
    expect(stalledFor(series(100, 90, 95, 91, 90))).toBe(30_000);
    expect(stalledFor(series(100, 90, 80))).toBe(0);
    expect(stalledFor(series(100, 100, 0))).toBe(0);
    expect(stalledFor(series(5, 5, 5, 900, 800))).toBe(0);
    expect(stalledFor(series(50, undefined, undefined, 50))).toBe(30_000);
    expect(stalledFor([])).toBe(0);
  });
});

/** A clock that a pause moves on, and looks that come one after the other, the last one for ever. */
function play(looks: readonly GateFacts[], more: Partial<Waiting> = {}) {
  let now = 0;
  let taken = 0;
  const pauses: number[] = [];
  const ended = waitForGate({
    gate: gateFor({ profile: 'full', soakMs: 0, only: [], skip: [] }),
    question: { node: node('pve2'), waivers: [], site: SITE },
    look: () => {
      const facts = looks[Math.min(taken, looks.length - 1)] ?? site();
      taken += 1;
      return Promise.resolve({ ...facts, atMs: now });
    },
    clock: {
      epochMs: () => now,
      pause: (ms) => {
        pauses.push(ms);
        now += ms;
        return Promise.resolve();
      },
    },
    signal: new AbortController().signal,
    waitMs: 0,
    everyMs: 5000,
    stallMs: 1_200_000,
    ...more,
  });
  return ended.then((result) => ({ ...result, taken, pauses }));
}

describe('waiting', () => {
  test('asked once: the looks that stability needs, then the answer', async () => {
    expect(await play([site()])).toMatchObject({ because: 'open', taken: 3, pauses: [1000, 1000] });
    expect(await play([pending(5)])).toMatchObject({ because: 'asked', taken: 3, answer: { kind: 'held' } });
  });
  test('what only the first look had does not decide, when there is time to wait', async () => {
    expect(await play([pending(5), site()], { waitMs: 60_000 })).toMatchObject({ because: 'open', taken: 4 });
  });
  test('waits until it opens, and every look is told', async () => {
    const told: (number | undefined)[] = [];
    const ended = await play([pending(300), pending(200), pending(100), pending(0)], {
      waitMs: 600_000,
      told: ({ backlog }) => told.push(backlog.most),
    });
    expect(ended).toMatchObject({ because: 'open', answer: { kind: 'open' } });
    expect(told).toEqual([300, 200, 100, 0, 0, 0]);
  });
  test('while an index lists anything it alone is listed; then, and from time to time, come looks', async () => {
    const glances = [200, 0];
    const told: (number | undefined)[] = [];
    let given = 0;
    const ended = await play([pending(300), site()], {
      waitMs: 600_000,
      glance: () => Promise.resolve(at(0, glances[given++])),
      told: ({ backlog }) => told.push(backlog.most),
    });
    expect(ended).toMatchObject({ because: 'open', taken: 4, looks: 4 });
    expect(told).toEqual([300, 200, 0, 0, 0, 0]);
    const stuck = await play([pending(9)], { waitMs: 60_000, glance: () => Promise.resolve(at(0, 9)) });
    expect(stuck).toMatchObject({ because: 'late', looks: 4 });
  });
  test('an index that can’t be listed, or does not shut the gate, is no reason to leave out a look', async () => {
    const blind = await play([pending(9), site()], {
      waitMs: 600_000,
      glance: () => Promise.resolve(at(0, undefined)),
    });
    expect(blind).toMatchObject({ because: 'open', taken: 4 });
    const gate = gateFor({ profile: 'full', soakMs: 0, only: ['A2'], skip: [] });
    const glance = () => Promise.reject(new Error('not asked'));
    expect(await play([pending(9)], { gate, waitMs: 600_000, glance })).toMatchObject({ because: 'open' });
  });
  test('late when the time is over', async () => {
    const falling = Array.from({ length: 100 }, (_, index) => pending(1000 - index));
    expect(await play(falling, { waitMs: 20_000 })).toMatchObject({ because: 'late', tookMs: 20_000 });
  });
  test('a stalled heal is told instead of waited for', async () => {
    expect(await play([pending(9), pending(8)], { waitMs: 600_000, stallMs: 60_000 })).toMatchObject({
      because: 'stalled',
      stalledMs: 60_000,
    });
  });
  test('a refusal that does not go away by itself ends at once; one that heals is waited for', async () => {
    const twoBricks = site({
      nodes: site().nodes.map((one) => ({
        ...one,
        layout: {
          seen: true,
          sets: one.layout.seen
            ? one.layout.sets.map((set) => ({ ...set, bricks: set.bricks.slice(0, 2) }))
            : [],
        },
      })),
    });
    expect(await play([twoBricks], { waitMs: 60_000 })).toMatchObject({ because: 'hopeless', taken: 1 });
  });
  test('what is not known is waited for: a node may be booting', async () => {
    const blind = site({ bricks: [] });
    expect(await play([blind, blind, site()], { waitMs: 60_000 })).toMatchObject({ because: 'open' });
    expect(await play([blind])).toMatchObject({ because: 'asked', answer: { kind: 'unknown' } });
  });
  test('what the question leaves out is not waited for; what nobody could read is', async () => {
    const nothing = site({ audited: { seen: true, images: [], patterns: ['images/*/*'] } });
    const unread = NAMES.map((name) => {
      const { brick, arbiter, accusedAs } = brickOf(name);
      return { seen: false as const, because: 'late', brick, arbiter, accusedAs };
    });
    const blind = { ...nothing, bricks: unread };
    expect(await play([blind, site()], { waitMs: 60_000 })).toMatchObject({ because: 'open' });
    expect(await play([nothing])).toMatchObject({ because: 'asked', answer: { kind: 'unknown' }, taken: 3 });
    expect(await play([nothing], { waitMs: 60_000 })).toMatchObject({
      because: 'hopeless',
      answer: { kind: 'unknown' },
      taken: 1,
    });
  });
  test('looks that lie too far apart for a window are not taken for ever', async () => {
    const apart = withStability(gateFor({ profile: 'full', soakMs: 0, only: ['D1'], skip: [] }), {
      gapMs: 0,
    });
    expect(await play([site()], { gate: apart })).toMatchObject({
      because: 'asked',
      answer: { kind: 'held' },
    });
  });
  test('an interruption ends it after the look', async () => {
    const stop = new AbortController();
    const look = () => {
      stop.abort();
      return Promise.resolve(pending(5));
    };
    expect(await play([], { waitMs: 60_000, look, signal: stop.signal })).toMatchObject({
      because: 'interrupted',
    });
  });
  test('a soak is watched for two minutes at the most, with few looks; while something is shut it is not waited for', async () => {
    const gate = gateFor({ profile: 'full', soakMs: 600_000, only: [], skip: [] });
    const soaked = await play([site()], { gate });
    expect(soaked).toMatchObject({ because: 'open', taken: 5, tookMs: 120_000 });
    expect(await play([pending(5)], { gate })).toMatchObject({ because: 'asked', taken: 3 });
    expect(await play([site(), site(), pending(5)], { gate })).toMatchObject({ answer: { kind: 'held' } });
  });
});

test('what may be a writer is looked at some times more, even by who does not wait', async () => {
  const wound = site({
    bricks: NAMES.map((name) =>
      brickOf(name, {
        indexGfids: { xattrop: [], dirty: name === 'pve1' ? [IMAGE_GFID] : [], entryChanges: [] },
      }),
    ),
  });
  expect(await play([site(), wound, wound, site()])).toMatchObject({ because: 'open', taken: 4 });
  expect(await play([wound])).toMatchObject({ because: 'asked', taken: 6, answer: { kind: 'held' } });
});

describe('a fast answer', () => {
  const gate = gateFor({ profile: 'fast', soakMs: 0, only: [], skip: [] });
  /** Dirty on one brick only: a writer in mid write, or a write that the others missed. */
  const dirty = (): GateFacts =>
    site({
      profile: 'fast',
      bricks: NAMES.map((name) =>
        brickOf(name, {
          indexGfids: { xattrop: [], dirty: name === 'pve1' ? [IMAGE_GFID] : [], entryChanges: [] },
        }),
      ),
    });

  test('needs one look at a backlog', async () => {
    expect(await play([pending(300)], { gate })).toMatchObject({
      because: 'asked',
      taken: 1,
      answer: { kind: 'held' },
    });
  });

  test('takes every look before it calls a writer a wound', async () => {
    expect(await play([dirty(), dirty(), site({ profile: 'fast' })], { gate })).toMatchObject({
      because: 'open',
      taken: 3,
    });
    expect(await play([dirty()], { gate })).toMatchObject({
      because: 'asked',
      taken: 3,
      answer: { kind: 'held' },
    });
  });
});

describe('a gate as it is asked for', () => {
  const codes = (asking: Partial<Parameters<typeof gateFor>[0]>) =>
    gateFor({ profile: 'full', soakMs: 0, only: [], skip: [], ...asking }).conditions.map((one) => one.code);
  test('a profile judges what its facts suffice for', () => {
    const fast = codes({ profile: 'fast' });
    expect(fast).toContain('D1');
    expect(fast).not.toContain('D2');
    const all = CONDITIONS.map((one) => one.code);
    expect(codes({ profile: 'deep', canary: true })).toEqual(all);
    expect(codes({ profile: 'deep' })).toEqual(all.filter((code) => code !== 'C4'));
  });
  test('only and skip take codes and names', () => {
    expect(codes({ only: ['d1', 'heal-info-zero'] })).toEqual(['D1', 'D2']);
    expect(codes({ skip: ['D1'] })).not.toContain('D1');
    expect(() => codes({ only: ['Z9'] })).toThrow(
      /there is no condition Z9; there are A1 same-volume-everywhere/,
    );
    expect(() => codes({ profile: 'fast', only: ['D2'] })).toThrow(/nothing is left to judge/);
    expect(conditionNamed('index-empty').code).toBe('D1');
  });
});
