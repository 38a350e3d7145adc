import { describe, expect, test } from 'vitest';
import { brick, node } from '../model/names.ts';
import type { BrickId } from '../model/names.ts';
import type { VolumeSpec } from '../model/site.ts';
import { adding, changing, historyOf, without } from '../testing/drafts.ts';
import type { Drafts } from '../testing/drafts.ts';
import { healthyNight, NIGHT_TURN, turnOf } from '../testing/night.ts';
import { quorumKept } from './quorum-kept.ts';

const { check } = quorumKept();
const bricks = ['pve1', 'pve2', 'pve3'].map((name) => brick(`${name}:/bricks/vmstore/brick`));
const [pve1, pve2, pve3] = [node('pve1'), node('pve2'), node('pve3')];

const withVolume = (night: Drafts, volume: Partial<VolumeSpec>): Drafts =>
  changing(night, 'run-began', (body) => ({
    ...body,
    spec: { ...body.spec, volume: { ...body.spec.volume, ...volume } },
  }));

describe('replica 2', () => {
  const night = healthyNight({ layout: 'replica-2' });

  test('as shipped has no quorum to lose while one brick is there', () => {
    expect(check(historyOf(night))).toMatchObject({ kind: 'holds' });
  });

  test('with the virt group loses it with its first brick, and only with that', () => {
    const verdict = check(historyOf(withVolume(night, { options: 'virt' })));
    expect(verdict.kind).toBe('broken');
    const findings = verdict.kind === 'broken' ? verdict.findings : [];
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.filter(({ what }) => !what.includes(`had only ${bricks[1]}`))).toEqual([]);
  });

  test('follows what was tuned', () => {
    const tuned = (value: string) => [{ option: 'cluster.quorum-type', value, why: 'test' }];
    expect(check(historyOf(withVolume(night, { options: 'virt', tuning: tuned('none') })))).toMatchObject({
      kind: 'holds',
    });
    expect(check(historyOf(withVolume(night, { tuning: tuned('auto') })))).toMatchObject({ kind: 'broken' });
  });
});

describe('a node that reboots', () => {
  const night = healthyNight();
  const lets = turnOf(0) + NIGHT_TURN.gone;

  test('lets go of its bricks before it is off, and nobody calls that a loss', () => {
    const own = bricks.map(
      (id) => [lets - 1500, { kind: 'brick', brick: id, seenBy: pve1, connected: false } as const] as const,
    );
    expect(check(historyOf(adding(night, own)))).toMatchObject({ kind: 'holds' });
  });

  test('whose client never connects again leaves a doubt', () => {
    const quiet = without(
      night,
      ({ atMs, body }) => body.kind === 'brick' && body.seenBy === pve1 && atMs > 1000,
    );
    expect(check(historyOf(quiet))).toMatchObject({ kind: 'unknown' });
  });
});

test('a node that goes down after the others had gone was without quorum until then', () => {
  const at = turnOf(3);
  const power = (name: typeof pve1, state: 'up' | 'down') => ({ kind: 'node', node: name, state }) as const;
  const wired = (id: BrickId, seenBy: typeof pve1, connected: boolean) =>
    ({ kind: 'brick', brick: id, seenBy, connected }) as const;
  const [brick1, brick2, brick3] = [pve1, pve2, pve3].map((name) =>
    brick(`${name}:/bricks/vmstore/brick`),
  ) as [BrickId, BrickId, BrickId];
  const all = [pve1, pve2, pve3].flatMap((seenBy) => bricks.map((id) => [seenBy, id] as const));
  const night = (downMs: number) =>
    adding(healthyNight({ idleMs: 60_000 }), [
      [at, power(pve1, 'down')],
      [at + 10, wired(brick1, pve3, false)],
      [at + 10, wired(brick1, pve2, false)],
      ...(downMs === 0
        ? []
        : ([
            [at + 20, power(pve2, 'down')],
            [at + 30, wired(brick2, pve3, false)],
            [at + downMs, wired(brick3, pve3, false)],
            [at + downMs + 10, power(pve3, 'down')],
          ] as const)),
      ...[pve1, pve2, pve3].map((name) => [at + 27_000, power(name, 'up')] as const),
      ...all.map(([seenBy, id]) => [at + 27_100, wired(id, seenBy, true)] as const),
    ]);
  expect(check(historyOf(night(0)))).toMatchObject({ kind: 'holds' });
  expect(check(historyOf(night(25_000)))).toMatchObject({
    kind: 'broken',
    because: expect.stringContaining('the client on pve3 had only') as string,
  });
});

test('a client without two of three bricks for longer than clocks differ has lost its quorum', () => {
  const cut = (ms: number): Drafts =>
    adding(
      healthyNight(),
      [pve1, pve2].flatMap((other) => {
        const id = brick(`${other}:/bricks/vmstore/brick`);
        const at = turnOf(0) - 400;
        return [
          [at, { kind: 'brick', brick: id, seenBy: pve3, connected: false }] as const,
          [at + ms, { kind: 'brick', brick: id, seenBy: pve3, connected: true }] as const,
        ];
      }),
    );
  expect(check(historyOf(cut(900)))).toMatchObject({ kind: 'holds' });
  expect(check(historyOf(cut(1100)))).toMatchObject({ kind: 'broken' });
});
