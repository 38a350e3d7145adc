import { describe, expect, it } from 'vitest';
import { OPERATOR } from '../alerting/people.fixture.ts';
import type { Escalation } from '../alerting/escalation.ts';
import { faultNamed } from '../faults/catalogue.ts';
import type { Event, EventBody } from '../model/event.ts';
import { faultsNoticed } from '../oracles/faults-noticed.ts';
import { nightsTable } from './alarms.ts';
import { detectionProcedure } from './detection.ts';
import { detectionOf, detectionTable } from './table.ts';
import { node } from '../model/names.ts';
import { siteForTests } from '../testing/index.ts';

const FAULT = faultNamed('brick-killed');
const at = (...events: readonly (readonly [atMs: number, body: EventBody])[]): readonly Event[] =>
  events.map(([atMs, body], seq) => ({ seq, atMs, ...body }));
const BEGAN: EventBody = {
  kind: 'run-began',
  run: 'r',
  scenario: 's',
  spec: siteForTests({ layout: 'replica-3' }),
  epochMs: 0,
  versions: {},
  modelled: [],
};

const page = (name: string, activeAtMs: number, severity = 'page'): EventBody => ({
  kind: 'alert',
  name,
  state: 'firing',
  receiver: 'pager',
  activeAtMs,
  labels: { severity },
});
const firing = (name: string, labels: Readonly<Record<string, string>>): EventBody => ({
  kind: 'rule',
  name,
  state: 'firing',
  by: 'offsite',
  activeAtMs: 5000,
  labels,
});

/** A fault from 3 to 7 s that fires `Odd`. */
const night = (...more: readonly (readonly [atMs: number, body: EventBody])[]): readonly Event[] =>
  at(
    [0, BEGAN],
    [1000, { kind: 'phase', phase: 'disturb' }],
    ...more.filter(([atMs]) => atMs < 3000),
    [3000, { kind: 'fault-began', fault: 'brick-killed', target: 'pve3' }],
    [6000, page('Odd', 5500)],
    ...more.filter(([atMs]) => atMs >= 3000),
    [7000, { kind: 'fault-ended', of: 2 + more.filter(([atMs]) => atMs < 3000).length }],
    [8000, { kind: 'phase', phase: 'settle' }],
    [9000, { kind: 'phase', phase: 'observe' }],
    [10_000, { kind: 'phase', phase: 'close' }],
  );

/** Wakes at the first call, and needs two minutes to read it. */
const CALLED: Escalation = {
  policy: {
    name: 'p',
    endedBy: 'anyone',
    steps: [{ notify: [{ person: 'operator', by: 'call' }], waitSeconds: 300 }],
    repeat: 0,
  },
  people: [{ ...OPERATOR, wakes: { push: 0, sms: 0, call: 1 }, wakesUpInSeconds: 120 }],
  seed: 1,
};

it('table of detection: whom a page wakes and when, what never arrived, and another set of rules by itself', () => {
  const detection = detectionOf(
    night(
      [6000, firing('Silenced', { severity: 'page' })],
      [6000, firing('SiteDown', { severity: 'page', set: 'naive' })],
      [7500, page('Late', 6500)],
    ),
  );
  const ours = detectionTable(detection, { people: CALLED });
  expect(ours).toContain('| brick-killed pve3 | **Odd** |  | 2.5 | 3.0 | 0.0 | 120.0 |');
  expect(ours).toContain('| brick-killed pve3 | **Silenced** | offsite | 3.0 | never |  |  |');
  expect(ours).toContain('| brick-killed pve3 | **Late** |  | 3.5 | 4.5, when it was over |  |  |');
  expect(ours).not.toContain('SiteDown');
  expect(detectionTable(detection, { set: 'naive' })).toContain('**SiteDown**');
  expect(detectionTable(detection, { set: 'other' })).toContain('| brick-killed pve3 | nobody noticed |');
});

describe('the oracle faults-noticed', () => {
  const noticedBy = (...names: readonly string[]) => faultsNoticed([{ ...FAULT, noticedBy: names }]);

  it('holds when each fault fired what its entry names', () => {
    expect(noticedBy('Odd').check(night())).toMatchObject({ kind: 'holds' });
  });
  it('is broken when one did not', () => {
    expect(noticedBy('Odd', 'BrickDown').check(night())).toMatchObject({
      kind: 'broken',
      because: expect.stringContaining('brick-killed on pve3 did not fire BrickDown') as string,
    });
  });
  it('is broken by a page for nothing, and not by a mail or another set of rules', () => {
    const after = (labels: Readonly<Record<string, string>>) =>
      noticedBy('Odd').check(night([1500, firing('Noise', labels)])).kind;
    expect(after({ severity: 'page' })).toBe('broken');
    expect(after({ severity: 'notify' })).toBe('holds');
    expect(after({ severity: 'page', set: 'naive' })).toBe('holds');
  });
  it('a night without a fault is quiet when the monitoring lives and pages nobody', () => {
    const quiet = (...more: readonly (readonly [atMs: number, body: EventBody])[]) =>
      faultsNoticed([]).check(
        night(...more)
          .filter(({ kind }) => !['fault-began', 'fault-ended', 'alert'].includes(kind))
          .map((event, seq) => ({ ...event, seq })),
      ).kind;
    const alive = [500, firing('Watchdog', { severity: 'heartbeat' })] as const;
    expect(quiet(alive)).toBe('holds');
    expect(quiet()).toBe('unknown');
    expect(quiet(alive, [4000, firing('Noise', { severity: 'page' })])).toBe('broken');
  });
  it('does not know about a fault that was never played', () => {
    expect(faultsNoticed([faultNamed('brick-stuck')]).check(night())).toMatchObject({ kind: 'unknown' });
  });
});

it('each fault is brought about, left alone, ended, and waited for', () => {
  const nodes = ['pve1', 'pve2', 'pve3'].map(node);
  const plan = { nodes, quickGate: 'healed', cleanSeconds: 75, lasts: () => 12, patienceSeconds: 60 };
  const { steps } = detectionProcedure([FAULT], plan);
  expect(steps.map(({ does }) => does.kind)).toEqual(['rule', 'inject', 'await-alerts', 'end-fault', 'rule']);
  expect(steps[2]?.does).toMatchObject({
    kind: 'await-alerts',
    fault: FAULT.name,
    alerts: FAULT.noticedBy,
    atLeastSeconds: 12,
    atMostSeconds: 72,
  });
});

it('table of nights: who was paged and what went by mail, each name once', () => {
  const mail = page('HealBacklogInMaintenance', 4000, 'notify');
  const table = nightsTable([
    at([0, BEGAN], [1000, { kind: 'phase', phase: 'disturb' }], [4500, mail], [5500, mail]),
    at([0, BEGAN], [1000, { kind: 'phase', phase: 'disturb' }], [4500, page('BothRoutersDown', 4000)]),
  ]);
  expect(table).toContain('| s | nobody | HealBacklogInMaintenance | – | there was none |');
  expect(table).toContain('| s | BothRoutersDown | nothing | – | there was none |');
});

it('what fired and never arrived has paged nobody', () => {
  const fired: EventBody = {
    kind: 'rule',
    name: 'BothRoutersDown',
    state: 'firing',
    by: 'inside',
    activeAtMs: 4000,
    labels: { severity: 'page' },
  };
  const table = nightsTable([at([0, BEGAN], [1000, { kind: 'phase', phase: 'disturb' }], [4500, fired])]);
  expect(table).toContain('| s | nobody | nothing | BothRoutersDown | there was none |');
});
