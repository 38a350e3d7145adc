import { describe, expect, it } from 'vitest';
import { node, router } from '../model/names.ts';
import type { SiteSpec } from '../model/site.ts';
import { cutsOf, standingAfter, stands, whyGone } from './access-graph.ts';
import {
  accessFindings,
  diskOf,
  drawAccess,
  faultStates,
  GOAL,
  INCIDENT_AROUND,
  siteAccess,
} from './site-access.ts';
import type { Around } from './site-access.ts';

function spec(changes: Partial<SiteSpec> = {}, layout: SiteSpec['volume']['layout'] = 'replica-3'): SiteSpec {
  return {
    nodes: [node('pve1'), node('pve2'), node('pve3')],
    volume: { name: 'vmstore', layout, options: 'defaults', tuning: [], shardMiB: 16 },
    routers: ['router-a', 'router-b'].map((name, index) => ({
      name: router(name),
      vmid: 101 + index,
      startsOn: node(`pve${index + 1}`),
      writeEveryMs: 50,
    })),
    imageMiB: 128,
    diskErrorPolicy: 'panic',
    accelerator: 'probe',
    guestStart: 'state',
    bootSeconds: 10,
    brickGuard: true,
    storageMbit: 160,
    customerFiles: { count: 1, kib: 1 },
    oob: false,
    exporter: false,
    ...changes,
  };
}

const BOTH_DISKS = [diskOf('router-a'), diskOf('router-b')];

const findings = (site: SiteSpec, around: Around) => {
  const graph = siteAccess(site, around);
  return accessFindings(graph, faultStates(graph, site));
};
const of = (site: SiteSpec, around: Around, state: string) =>
  findings(site, around)
    .filter((one) => one.state === state)
    .map(({ what }) => what);

describe('the site of the incident', () => {
  it('loses the operator’s way in together with the routers, and the poller still tells', () => {
    const graph = siteAccess(spec(), INCIDENT_AROUND);
    const after = standingAfter(graph, new Set(BOTH_DISKS));
    expect(stands(after, GOAL.told)).toBe(true);
    expect(stands(after, GOAL.wayIn)).toBe(false);
    expect(whyGone(after, GOAL.wayIn)).toBe(
      'way in from afar <- way in through a router <- gateway <- router-a <- disk of router-a',
    );
  });

  it('is found before anything breaks: no way in for the operator', () => {
    expect(of(spec(), INCIDENT_AROUND, 'every router disk in split-brain')).toEqual([
      'no way in for the operator: somebody must travel',
    ]);
    expect(of(spec(), INCIDENT_AROUND, 'storage network')).toContain(
      'no way in for the operator: somebody must travel',
    );
  });

  it('one router or one node down cuts nobody off', () => {
    for (const state of ['router-a', 'router-b', 'pve1', 'pve2', 'pve3', 'disk of router-a'])
      expect(of(spec(), INCIDENT_AROUND, state)).toEqual([]);
  });

  it('a backup connection takes every such finding away', () => {
    const whats = new Set(findings(spec({ oob: true }), INCIDENT_AROUND).map(({ what }) => what));
    expect(whats).toEqual(new Set());
  });

  it('even then a broken backup connection at the same time leaves no way in', () => {
    const cuts = cutsOf(siteAccess(spec({ oob: true }), INCIDENT_AROUND), GOAL.wayIn, 2);
    expect(cuts).toContainEqual(['storage network', 'backup connection']);
    expect(cuts.every((cut) => cut.length === 2 && cut.includes('backup connection'))).toBe(true);
  });
});

it('monitoring that only sits inside tells nobody when both routers are gone', () => {
  const around: Around = { ...INCIDENT_AROUND, offsitePoller: false };
  const found = findings(spec(), around).find(({ state }) => state === 'every router down');
  expect(found).toEqual({
    state: 'every router down',
    what: 'nobody is told',
    because: 'somebody is told <- mail from inside <- gateway <- router-a',
  });
});

it('backups are a finding of their own when only they are out of reach', () => {
  const site = spec({ oob: true });
  const graph = siteAccess(site, INCIDENT_AROUND);
  const state = { name: 'disks and backups', broken: [...BOTH_DISKS, 'backups'] };
  expect(accessFindings(graph, [state])).toMatchObject([
    { what: 'the backups are gone with what they should restore', because: 'restore from afar <- backups' },
  ]);
});

it('quorum: any brick of a plain pair, the first brick of a virt pair, two of three', () => {
  const up = (site: SiteSpec, broken: string[]) =>
    stands(standingAfter(siteAccess(site, INCIDENT_AROUND), new Set(broken)), 'volume');
  const pair = spec({}, 'replica-2');
  const virt = { ...pair, volume: { ...pair.volume, options: 'virt' as const } };
  expect([up(pair, ['pve1']), up(pair, ['pve2']), up(pair, ['pve1', 'pve2'])]).toEqual([true, true, false]);
  expect([up(virt, ['pve1']), up(virt, ['pve2'])]).toEqual([false, true]);
  expect([up(spec(), ['pve1']), up(spec(), ['pve1', 'pve2'])]).toEqual([true, false]);
});

it('draws what is broken and what is lost with it', () => {
  const text = drawAccess(siteAccess(spec(), INCIDENT_AROUND), BOTH_DISKS);
  expect(text).toContain('["disk of router-a"]:::broken');
  expect(text).toContain('["way in from afar"]:::lost');
  expect(text).toMatch(/\["volume"\]\n/);
  expect(text.startsWith('flowchart LR\n')).toBe(true);
});
