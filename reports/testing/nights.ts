/** Made-up but realistic nights, as incident.md tells them and measured.md saw them. For tests and for looking at pictures only. */
import { at, NIGHT_BEGINS } from '../../harness/index.ts';
import type { History, PersonDoing, RouterName } from '../../harness/index.ts';
import type { Night } from './night.ts';
import { allLook, beats, ending, indexOf, nightOf, page, rise, routerDies, START, writer } from './night.ts';
import type { Rebooted } from './play.ts';
import { cutOff, gate, givenUp, move, reboot, step, upgrade, wait } from './play.ts';
import type { Script } from './script.ts';
import { NODES, ROUTERS, snapshot } from './world.ts';

const [PVE1, PVE2, PVE3] = NODES;
const [A, B] = ROUTERS;
const shard = (n: number): string => `/.shard/4a6f0c1e-9b8d-4f00-a1b2-c3d4e5f60000.${n}`;
const IMAGES = ['/images/101/vm-101-disk-0.raw', '/images/102/vm-102-disk-0.raw'];
const SPLIT = [...IMAGES, ...[1, 2, 3, 4, 5, 6, 7].map(shard)];

/** Move the router off, upgrade, reboot. */
function roll(
  { script, bricks }: Night,
  t: number,
  node: (typeof NODES)[number],
  router: RouterName,
  to: (typeof NODES)[number],
): Rebooted {
  return reboot(script, node, bricks, upgrade(script, node, move(script, router, node, to, t)), 2);
}

/** `fixed-delay` on replica 2: the incident. `until` cuts the history off, seconds after the run began. */
export function incidentNight(until?: number): History {
  const night = nightOf('night-1-fixed-delay-replica-2', 'replica-2');
  const { script, bricks } = night;
  const first = roll(night, START, PVE1, A, PVE3);
  const second = roll(night, wait(script, 1, first.next), PVE2, B, PVE1);
  const dead = second.away[1] + 0.2;
  locksHimselfOut(script, wait(script, 1, second.next));
  routerDies(script, A, { at: dead, on: 2, errno: 'EIO', tries: [2, 7, 12] });
  routerDies(script, B, { at: dead + 0.3, on: 0, errno: 'EIO', tries: [2, 7, 12] });

  const onSite = dead + 14;
  step(script, { step: 'plug in on site', command: '', from: onSite, to: onSite + 1.2 });
  const aBack = restore(script, A, onSite + 1.3);
  const bBack = restore(script, B, onSite + 11);
  const served = aBack + 2.1;
  const settle = bBack + 4;
  pagesAndPeople(script, dead, served);

  const split = (t: number, before: number): number => (t > aBack ? 0 : t > second.away[1] ? 9 : before);
  indexOf(night, 0, settle, first.away, (t) => split(t, rise(t, ...second.away, 22)));
  indexOf(night, 1, settle, second.away, (t) =>
    split(t, rise(t, ...first.away, 24) - rise(t, first.away[1], first.away[1] + 18, 11)),
  );
  const before = [writer(script, A, [[20, dead]]), writer(script, B, [[20, dead + 0.3]])];
  const after = [writer(script, A, [[aBack, settle]]), writer(script, B, [[bBack, settle]])];
  beats(script, settle, [dead + 0.3, aBack]);
  allLook(script, settle, [[dead + 0.4, served]]);
  const disks = ROUTERS.map((router, i) => ({ router, ranges: before[i] ?? [], eio: true }));
  script.at(dead + 13.5, {
    kind: 'observed',
    snapshot: snapshot({ label: 'broken', bricks, inSplitBrain: SPLIT, disks }),
  });
  return ending(night, settle, after, until);
}

/** The next step goes through a router that is dead. */
function locksHimselfOut(script: Script, t: number): void {
  const moved = {
    step: 'move router-a to pve2',
    node: PVE3,
    command: 'qm migrate 101 pve2',
    from: t,
    to: t + 5,
  };
  cutOff(script, moved, 'no route to pve3: both routers are down');
  const next = { step: 'reboot pve3', node: PVE3, command: 'reboot', from: t + 5.1, to: t + 6 };
  givenUp(script, next, 'the operator cannot reach the site');
}

function pagesAndPeople(script: Script, outage: number, served: number): void {
  page(script, 'GatewayUnreachable', { active: outage + 1, fires: outage + 6.2, ends: served + 5 });
  page(script, 'NodeUnreachable', { active: outage + 2, fires: outage + 9.1, ends: served + 6 });
  const now = NIGHT_BEGINS + outage + 13 - START;
  const [reads, leaves, there] = [at(7, 10, 1), at(11, 20, 1), at(12, 0, 1)];
  let passed = now;
  const tell = (clock: number, does: string, doing: PersonDoing): void => {
    const siteSeconds = Math.max(0, clock - passed);
    passed = Math.max(passed, clock);
    script.at(outage + 13, { kind: 'person', who: 'operator', does, siteSeconds, clock, doing });
  };
  for (let message = 0; message < 15; message += 1) {
    const does = `is sent message ${message + 1} by push, and sleeps on`;
    tell(NIGHT_BEGINS + outage - START + 6 + message * 1800, does, { what: 'sent', by: 'push', woke: false });
  }
  tell(reads, 'has slept through 15 messages, reads them and acknowledges', { what: 'acknowledged' });
  tell(leaves, 'was held up by appointments', { what: 'held-up', by: 'appointments' });
  tell(there, 'is in the data center and acts on site', { what: 'acts', by: 'on-site' });
}

/** Ends when the guest writes again, from where its backup ends. */
function restore(script: Script, router: RouterName, t: number): number {
  const restored = `qmrestore vzdump-qemu-${router === A ? 101 : 102}.raw`;
  step(script, { step: `restore ${router}`, node: PVE1, command: restored, from: t, to: t + 8.2 });
  step(script, { step: `start ${router}`, node: PVE1, command: 'qm start', from: t + 8.3, to: t + 9.4 });
  script.at(t + 9.2, { kind: 'vm', router, node: PVE1, state: 'running', detail: '' });
  script.at(t + 11.6, { kind: 'guest', router, says: 'boot', text: '' });
  script.at(t + 11.9, { kind: 'guest', router, says: 'recover', text: 'records=300 last=300 bad=0 torn=0' });
  return t + 12.2;
}

/** `fixed-delay` on replica 3: the only good copy is rebooted; the disks are gone until it is back, and all of it heals. */
export function replica3Night(): History {
  const night = nightOf('night-2-fixed-delay-replica-3', 'replica-3');
  const { script } = night;
  const first = roll(night, START, PVE1, A, PVE3);
  const second = roll(night, wait(script, 1, first.next), PVE2, B, PVE1);
  const third = roll(night, wait(script, 1, second.next), PVE3, A, PVE2);
  const dead = third.away[0];
  const backMs = third.away[1];
  const served = backMs + 4;
  const settle = third.next + 12;
  for (const [i, router] of ROUTERS.entries()) {
    const on = i === 0 ? 1 : 0;
    routerDies(script, router, { at: dead + 0.2, on, errno: 'ENOTCONN', tries: [3, 8] });
    script.at(backMs + 0.8, { kind: 'vm', router, node: NODES[on], state: 'running', detail: '' });
  }
  page(script, 'GatewayUnreachable', { active: dead + 1, fires: dead + 6.4, ends: served + 5 });
  const healed = (t: number, top: number): number => rise(t, backMs, backMs + 6 + top / 12, top);
  indexOf(night, 0, settle, first.away, (t) => rise(t, ...second.away, 14) - healed(t, 14));
  indexOf(night, 1, settle, second.away, (t) => rise(t, ...first.away, 24) - healed(t, 24));
  indexOf(
    night,
    2,
    settle,
    third.away,
    (t) => rise(t, ...first.away, 24) + rise(t, ...second.away, 13) - healed(t, 37),
  );
  const disks = ROUTERS.map((router) =>
    writer(script, router, [
      [20, dead + 0.1],
      [served, settle],
    ]),
  );
  beats(script, settle, [dead + 0.4, served - 2]);
  allLook(script, settle, [[dead + 1, served]]);
  return ending(night, settle, disks);
}

/** `heal-gated` on replica 2: the gate holds the next node until the heal is over; nobody outside notices. */
export function gatedNight(): History {
  const night = nightOf('night-3-heal-gated-replica-2', 'replica-2');
  const { script } = night;
  const first = roll(night, START, PVE1, A, PVE3);
  const healed1 = first.away[1] + 17;
  const curve1 = (t: number): number => rise(t, ...first.away, 24) - rise(t, first.away[1], healed1, 24);
  const second = roll(night, gate(script, PVE2, first.next, healed1 + 1, curve1), PVE2, B, PVE1);
  const healed2 = second.away[1] + 14;
  const curve2 = (t: number): number => rise(t, ...second.away, 21) - rise(t, second.away[1], healed2, 21);
  const third = roll(night, gate(script, PVE3, second.next, healed2 + 1, curve2), PVE3, A, PVE2);
  const settle = third.next + 3;
  indexOf(night, 0, settle, first.away, curve2);
  indexOf(night, 1, settle, second.away, curve1);
  const disks = ROUTERS.map((router) => writer(script, router, [[20, settle]]));
  beats(script, settle);
  allLook(script, settle, []);
  return ending(night, settle, disks);
}
