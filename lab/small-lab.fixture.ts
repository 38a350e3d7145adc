/** What lab tests open a lab with: a small site, quick to boot and without the numbers that a story of the incident depends on. */
import { node, router } from '../harness/index.ts';
import type { Journal, SiteSpec } from '../harness/index.ts';
import type { KitFacts } from './kit.ts';

/** From the process that prepared the kit for all tests. */
export const kitFacts = (): KitFacts => JSON.parse(process.env['HEALPROOF_KIT'] ?? 'null') as KitFacts;

/** Numbers events and keeps none of them. */
export function journal(beganMs: number): Journal {
  let seq = 0;
  return { record: (body, epochMs = Date.now()) => ({ seq: seq++, atMs: epochMs - beganMs, ...body }) };
}

export const NODES = [node('pve1'), node('pve2'), node('pve3')] as const;

/** One router on pve1 and one on pve2, each writing so often. */
export const twoRouters = (writeEveryMs: number): SiteSpec['routers'] => [
  { name: router('router-a'), vmid: 101, startsOn: NODES[0], writeEveryMs },
  { name: router('router-b'), vmid: 102, startsOn: NODES[1], writeEveryMs },
];

/** `differs`: what the test is about. */
export const smallSite = (differs: Partial<SiteSpec> = {}): SiteSpec => ({
  nodes: NODES,
  volume: { name: 'vmstore', layout: 'replica-3', options: 'virt', tuning: [], shardMiB: 16 },
  routers: twoRouters(100),
  imageMiB: 64,
  diskErrorPolicy: 'stop',
  accelerator: 'probe',
  guestStart: 'state',
  bootSeconds: 3,
  brickGuard: true,
  storageMbit: 160,
  customerFiles: { count: 5, kib: 16 },
  oob: false,
  exporter: false,
  ...differs,
});
