import { describe, expect, test } from 'vitest';
import type { VolumeSnapshot } from '../model/facts.ts';
import { brick, router } from '../model/names.ts';
import { adding, changing, historyOf, without } from '../testing/drafts.ts';
import type { Drafts } from '../testing/drafts.ts';
import { healthyNight } from '../testing/night.ts';
import { withRecords } from '../testing/snapshots.ts';
import { noLostWrite } from './no-lost-write.ts';

const { check } = noLostWrite();
const NIGHT = healthyNight();
const [pve1, pve2, pve3] = ['pve1', 'pve2', 'pve3'].map((name) => brick(`${name}:/bricks/vmstore/brick`));
const routerA = router('router-a');

const atEnd = (drafts: Drafts, change: (snapshot: VolumeSnapshot) => VolumeSnapshot): Drafts =>
  changing(drafts, 'observed', (body) =>
    body.snapshot.label === 'end' ? { ...body, snapshot: change(body.snapshot) } : undefined,
  );
const notSettled = (drafts: Drafts): Drafts =>
  changing(drafts, 'settled', (body) => ({ ...body, ok: false, pending: ['heals'] }));
const lacking = (where: readonly (string | undefined)[]) => (snapshot: VolumeSnapshot) =>
  where.reduce((hurt, at) => withRecords(hurt, routerA, at ?? '', [[1, 300]]), snapshot);

describe('before the volume has settled', () => {
  test('what one brick lacks may still come to it', () => {
    const verdict = check(historyOf(notSettled(atEnd(NIGHT, lacking([pve2])))));
    expect(verdict).toEqual({
      kind: 'unknown',
      because: `the volume has not settled: ${pve2} still lacks acknowledged writes of router-a`,
    });
  });

  test('what no brick has can come from nowhere', () => {
    const verdict = check(historyOf(notSettled(atEnd(NIGHT, lacking([pve1, pve2, pve3])))));
    expect(verdict).toMatchObject({ kind: 'broken' });
    expect(verdict.because).toContain('writes 301 to 399 of router-a are on no brick any more');
  });

  test('half-way through the night a brick that was away lacks a lot, and that is no loss', () => {
    const midway = changing(NIGHT, 'observed', (body) =>
      body.snapshot.label === 'midway'
        ? { ...body, snapshot: withRecords(body.snapshot, routerA, pve1 ?? '', []) }
        : undefined,
    );
    expect(check(historyOf(midway))).toMatchObject({ kind: 'holds' });
  });
});

test('a record that was never acknowledged may be there or not', () => {
  const more = atEnd(NIGHT, (snapshot) => withRecords(snapshot, routerA, pve2 ?? '', [[1, 402]]));
  expect(check(historyOf(more))).toMatchObject({ kind: 'holds' });
});

test('a write that failed and was tried again is one write', () => {
  const again = adding(NIGHT, [
    [30_000, { kind: 'write-failed', router: routerA, record: 297, errno: '5', what: 'journal' }],
    [30_001, { kind: 'write-acknowledged', router: routerA, record: 296, guestMs: 1_790_000_029_990 }],
  ]);
  expect(check(historyOf(again))).toMatchObject({ kind: 'holds' });
});

test('each router must have written while the play was on', () => {
  const one = without(NIGHT, ({ body }) => body.kind === 'write-acknowledged' && body.router === routerA);
  expect(check(historyOf(one))).toMatchObject({ kind: 'unknown' });
});

test('the same loss seen by two looks is one loss', () => {
  const seenTwice = adding(
    atEnd(NIGHT, lacking([pve2])),
    NIGHT.flatMap(({ body, atMs }) =>
      body.kind === 'observed' && body.snapshot.label === 'end'
        ? [[atMs + 50, { ...body, snapshot: lacking([pve2])(body.snapshot) }] as const]
        : [],
    ),
  );
  expect(check(historyOf(seenTwice)).because).toMatch(/^99 acknowledged writes lost/);
});
