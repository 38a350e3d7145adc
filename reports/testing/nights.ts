/** Made-up but realistic nights, as incident.md tells them and measured.md saw them. For tests and for looking at pictures only. */
import type { History, RouterName } from '../../harness/index.ts';
import { cutOff, gate, givenUp, move, opening, phases, reboot, step, upgrade, wait } from './play.ts';
import { Script } from './script.ts';
import { backlog, bricksOf, heartbeats, NODES, probes, ROUTERS, snapshot, writes } from './world.ts';

const [PVE1, PVE2, PVE3] = NODES;
const [A, B] = ROUTERS;
const START = 24;
const SPLIT = [
  '/images/101/vm-101-disk-0.raw',
  '/images/102/vm-102-disk-0.raw',
  ...[1, 2, 3, 4, 5, 6, 7].map((n) => `/.shard/4a6f0c1e-9b8d-4f00-a1b2-c3d4e5f60000.${n}`),
];

const rise = (t: number, from: number, to: number, top: number): number =>
  top * Math.min(1, Math.max(0, (t - from) / (to - from)));

/** Both routers panic when the second brick comes back: nobody can open their images any more. */
function routersDie(script: Script, t: number): void {
  for (const [i, name] of [A, B].entries()) {
    const node = i === 0 ? PVE3 : PVE1;
    const at = t + i * 0.3;
    for (let n = 0; n < 3; n += 1) {
      script.at(at + n * 0.04, {
        kind: 'write-failed',
        router: name,
        record: 2600 + n,
        errno: 'EIO',
        what: 'fdatasync',
      });
    }
    script.at(at + 0.2, {
      kind: 'guest',
      router: name,
      says: 'panic',
      text: 'EXT4-fs (vda): panic forced after error',
    });
    script.at(at + 0.4, { kind: 'vm', router: name, node, state: 'exited', detail: 'guest panicked' });
    for (const again of [2, 7, 12]) {
      script.at(at + again, {
        kind: 'vm',
        router: name,
        node,
        state: 'start-failed',
        detail: 'could not open image: Input/output error',
      });
    }
  }
}

function pagesAndPeople(script: Script, outage: number, resolved: number): void {
  const page = (
    name: string,
    receiver: string,
    active: number,
    fires: number,
    ends: number,
    target: string,
  ): void => {
    const alert = {
      kind: 'alert',
      name,
      receiver,
      activeAtMs: Math.round(active * 1000),
      labels: { target },
    } as const;
    script.at(fires, { ...alert, state: 'firing' });
    script.at(ends, { ...alert, state: 'resolved' });
  };
  page('GatewayUnreachable', 'phone', outage + 1, outage + 6.2, resolved + 5, 'gateway');
  page('NodeUnreachable', 'phone', outage + 2, outage + 9.1, resolved + 6, 'pve1');
  script.at(outage + 13, {
    kind: 'person',
    who: 'operator',
    does: 'sleeps through 14 pages',
    siteSeconds: 7 * 3600 + 600,
  });
  script.at(outage + 13.1, {
    kind: 'person',
    who: 'operator',
    does: 'is held up by appointments',
    siteSeconds: 3 * 3600 + 3300,
  });
  script.at(outage + 13.2, {
    kind: 'person',
    who: 'operator',
    does: 'drives to the data center',
    siteSeconds: 2400,
  });
}

function restore(script: Script, name: RouterName, t: number): number {
  const vmid = name === A ? 101 : 102;
  step(script, {
    step: `restore ${name}`,
    node: PVE1,
    command: `qmrestore vzdump-qemu-${vmid}.raw ${vmid}`,
    from: t,
    to: t + 8.2,
  });
  step(script, {
    step: `start ${name}`,
    node: PVE1,
    command: `qm start ${vmid}`,
    from: t + 8.3,
    to: t + 9.4,
  });
  script.at(t + 9.2, { kind: 'vm', router: name, node: PVE1, state: 'running', detail: '' });
  script.at(t + 11.6, { kind: 'guest', router: name, says: 'boot', text: '' });
  script.at(t + 11.9, {
    kind: 'guest',
    router: name,
    says: 'recover',
    text: 'records=300 last=300 bad=0 torn=0',
  });
  return t + 12.2;
}

/** `fixed-delay` on replica 2: the incident. `until` cuts the history off, seconds after the run began. */
export function incidentNight(until?: number): History {
  const script = new Script();
  const bricks = bricksOf('replica-2');
  opening(script, 'night-1-fixed-delay-replica-2', 'replica-2');
  for (const name of ROUTERS)
    script.at(15, { kind: 'backup', router: name, file: '/mnt/backup/dump/vzdump', holds: [[1, 300]] });
  script.at(20, { kind: 'vm', router: A, node: PVE1, state: 'running', detail: '' });
  script.at(20, { kind: 'vm', router: B, node: PVE2, state: 'running', detail: '' });

  const first = reboot(script, PVE1, bricks, upgrade(script, PVE1, move(script, A, PVE1, PVE3, START)), 2);
  const second = reboot(
    script,
    PVE2,
    bricks,
    upgrade(script, PVE2, move(script, B, PVE2, PVE1, wait(script, 1, first.next))),
    2,
  );
  const dead = second.away[1] + 0.2;
  const afterwards = wait(script, 1, second.next);
  cutOff(
    script,
    {
      step: 'move router-a to pve2',
      node: PVE3,
      command: 'qm migrate 101 pve2',
      from: afterwards,
      to: afterwards + 5,
    },
    'no route to pve3: both routers are down',
  );
  givenUp(
    script,
    { step: 'reboot pve3', node: PVE3, command: 'reboot', from: afterwards + 5.1, to: afterwards + 6 },
    'the operator cannot reach the site',
  );
  routersDie(script, dead);
  const onSite = dead + 14;
  step(script, { step: 'plug in on site', command: '', from: onSite, to: onSite + 1.2 });
  const aBack = restore(script, A, onSite + 1.3);
  const bBack = restore(script, B, onSite + 11);
  const back = aBack + 2.1;
  const settle = bBack + 4;
  pagesAndPeople(script, dead, back);

  backlog(script, bricks[1] as never, [START, settle], (t) =>
    t > second.away[0] && t < second.away[1]
      ? Number.NaN
      : t > aBack
        ? 0
        : t > second.away[1]
          ? 9
          : rise(t, ...first.away, 24) - rise(t, first.away[1], first.away[1] + 18, 11),
  );
  backlog(script, bricks[0] as never, [START, settle], (t) =>
    t > first.away[0] && t < first.away[1]
      ? Number.NaN
      : t > aBack
        ? 0
        : t > second.away[1]
          ? 9
          : rise(t, ...second.away, 22),
  );
  const a = writes(script, { router: A, spans: [[20, dead]], perSecond: 50, firstRecord: 301 });
  const b = writes(script, { router: B, spans: [[20, dead + 0.3]], perSecond: 50, firstRecord: 301 });
  const a2 = writes(script, { router: A, spans: [[aBack, settle]], perSecond: 50, firstRecord: 301 });
  const b2 = writes(script, { router: B, spans: [[bBack, settle]], perSecond: 50, firstRecord: 301 });
  heartbeats(
    script,
    A,
    [
      [20, dead + 0.3],
      [aBack, settle],
    ],
    (t) => (t < aBack || t > aBack + 2 ? 'MASTER' : 'INIT'),
  );
  heartbeats(
    script,
    B,
    [
      [20, dead + 0.6],
      [bBack, settle],
    ],
    () => 'BACKUP',
  );
  probes(script, 'customer', [START - 2, settle], 0.5, [[dead + 0.4, back]]);
  probes(script, 'offsite', [START - 2, settle], 1, [[dead + 0.4, back]]);
  probes(script, 'operator', [START - 2, settle], 1, [[dead + 0.4, back]]);

  const split = snapshot({
    label: 'broken',
    bricks,
    inSplitBrain: SPLIT,
    disks: [
      { router: A, ranges: [[1, a]], eio: true },
      { router: B, ranges: [[1, b]], eio: true },
    ],
  });
  script.at(dead + 13.5, { kind: 'observed', snapshot: split });
  script.at(settle + 4, { kind: 'settled', ok: true, pending: [], tookMs: 4000 });
  const final = snapshot({
    label: 'final',
    bricks,
    disks: [
      { router: A, ranges: [[1, a2]] },
      { router: B, ranges: [[1, b2]] },
    ],
  });
  script.at(settle + 6, { kind: 'observed', snapshot: final });
  phases(script, {
    open: 0.1,
    confirm: 21,
    disturb: START,
    settle,
    observe: settle + 4,
    close: settle + 7,
    over: settle + 11,
  });
  return script.history(until);
}

/** `fixed-delay` on replica 3: the only good copy is rebooted; the disks are gone until it is back, and all of it heals. */
export function replica3Night(): History {
  const script = new Script();
  const bricks = bricksOf('replica-3');
  opening(script, 'night-2-fixed-delay-replica-3', 'replica-3');
  script.at(20, { kind: 'vm', router: A, node: PVE1, state: 'running', detail: '' });
  script.at(20, { kind: 'vm', router: B, node: PVE2, state: 'running', detail: '' });
  const first = reboot(script, PVE1, bricks, upgrade(script, PVE1, move(script, A, PVE1, PVE3, START)), 2);
  const second = reboot(
    script,
    PVE2,
    bricks,
    upgrade(script, PVE2, move(script, B, PVE2, PVE1, wait(script, 1, first.next))),
    2,
  );
  const third = reboot(
    script,
    PVE3,
    bricks,
    upgrade(script, PVE3, move(script, A, PVE3, PVE2, wait(script, 1, second.next))),
    2,
  );
  const dead = third.away[0];
  const back = third.away[1] + 4;
  const settle = third.next + 12;
  for (const [i, name] of [A, B].entries()) {
    const node = i === 0 ? PVE2 : PVE1;
    for (let n = 0; n < 3; n += 1) {
      script.at(dead + 0.2 + n / 10, {
        kind: 'write-failed',
        router: name,
        record: 4000 + n,
        errno: 'ENOTCONN',
        what: 'fdatasync',
      });
    }
    script.at(dead + 0.7, {
      kind: 'guest',
      router: name,
      says: 'panic',
      text: 'EXT4-fs (vda): panic forced after error',
    });
    script.at(dead + 0.9, { kind: 'vm', router: name, node, state: 'exited', detail: 'guest panicked' });
    for (const again of [3, 8])
      script.at(dead + again, {
        kind: 'vm',
        router: name,
        node,
        state: 'start-failed',
        detail: 'Transport endpoint is not connected',
      });
    script.at(third.away[1] + 0.8, { kind: 'vm', router: name, node, state: 'running', detail: '' });
  }
  const labels = { target: 'gateway' };
  script.at(dead + 6.4, {
    kind: 'alert',
    name: 'GatewayUnreachable',
    state: 'firing',
    receiver: 'phone',
    activeAtMs: (dead + 1) * 1000,
    labels,
  });
  script.at(back + 5, {
    kind: 'alert',
    name: 'GatewayUnreachable',
    state: 'resolved',
    receiver: 'phone',
    activeAtMs: (dead + 1) * 1000,
    labels,
  });
  backlog(script, bricks[0] as never, [START, settle], (t) =>
    t < first.away[0]
      ? 0
      : t < first.away[1]
        ? Number.NaN
        : rise(t, ...second.away, 14) - rise(t, third.away[1], third.away[1] + 6, 14),
  );
  backlog(script, bricks[1] as never, [START, settle], (t) =>
    t > second.away[0] && t < second.away[1]
      ? Number.NaN
      : rise(t, ...first.away, 24) - rise(t, third.away[1], third.away[1] + 8, 24),
  );
  backlog(script, bricks[2] as never, [START, settle], (t) =>
    t > third.away[0] && t < third.away[1]
      ? Number.NaN
      : rise(t, ...first.away, 24) +
        rise(t, ...second.away, 13) -
        rise(t, third.away[1], third.away[1] + 9, 37),
  );
  const records = ROUTERS.map((name) =>
    writes(script, {
      router: name,
      spans: [
        [20, dead + 0.1],
        [back, settle],
      ],
      perSecond: 50,
      firstRecord: 301,
    }),
  );
  heartbeats(
    script,
    A,
    [
      [20, dead + 0.7],
      [back - 2, settle],
    ],
    (t) => (t < back && t > dead + 1 ? 'INIT' : 'MASTER'),
  );
  heartbeats(
    script,
    B,
    [
      [20, dead + 0.7],
      [back - 2, settle],
    ],
    () => 'BACKUP',
  );
  for (const [by, every] of [
    ['customer', 0.5],
    ['offsite', 1],
    ['operator', 1],
  ] as const)
    probes(script, by, [START - 2, settle], every, [[dead + 1, back]]);
  script.at(settle + 1, { kind: 'settled', ok: true, pending: [], tookMs: 1000 });
  script.at(settle + 3, {
    kind: 'observed',
    snapshot: snapshot({
      label: 'final',
      bricks,
      disks: ROUTERS.map((name, i) => ({ router: name, ranges: [[1, records[i] as number]] })),
    }),
  });
  phases(script, {
    open: 0.1,
    confirm: 21,
    disturb: START,
    settle,
    observe: settle + 1,
    close: settle + 4,
    over: settle + 8,
  });
  return script.history();
}

/** `heal-gated` on replica 2: the gate holds the next node until the heal is over; the customer notices nothing but a failover. */
export function gatedNight(): History {
  const script = new Script();
  const bricks = bricksOf('replica-2');
  opening(script, 'night-3-heal-gated-replica-2', 'replica-2');
  script.at(20, { kind: 'vm', router: A, node: PVE1, state: 'running', detail: '' });
  script.at(20, { kind: 'vm', router: B, node: PVE2, state: 'running', detail: '' });
  const first = reboot(script, PVE1, bricks, upgrade(script, PVE1, move(script, A, PVE1, PVE3, START)), 2);
  const healed1 = first.away[1] + 17;
  const curve1 = (t: number): number => rise(t, ...first.away, 24) - rise(t, first.away[1], healed1, 24);
  const second = reboot(
    script,
    PVE2,
    bricks,
    upgrade(script, PVE2, move(script, B, PVE2, PVE1, gate(script, PVE2, first.next, healed1 + 1, curve1))),
    2,
  );
  const healed2 = second.away[1] + 14;
  const curve2 = (t: number): number => rise(t, ...second.away, 21) - rise(t, second.away[1], healed2, 21);
  const third = reboot(
    script,
    PVE3,
    bricks,
    upgrade(script, PVE3, move(script, A, PVE3, PVE2, gate(script, PVE3, second.next, healed2 + 1, curve2))),
    2,
  );
  const settle = third.next + 3;
  backlog(script, bricks[1] as never, [START, settle], (t) =>
    t > second.away[0] && t < second.away[1] ? Number.NaN : curve1(t),
  );
  backlog(script, bricks[0] as never, [START, settle], (t) =>
    t > first.away[0] && t < first.away[1] ? Number.NaN : curve2(t),
  );
  const records = ROUTERS.map((name) =>
    writes(script, { router: name, spans: [[20, settle]], perSecond: 50, firstRecord: 301 }),
  );
  heartbeats(script, A, [[20, settle]], () => 'MASTER');
  heartbeats(script, B, [[20, settle]], () => 'BACKUP');
  for (const [by, every] of [
    ['customer', 0.5],
    ['offsite', 1],
    ['operator', 1],
  ] as const)
    probes(script, by, [START - 2, settle], every, []);
  script.at(settle + 1, { kind: 'settled', ok: true, pending: [], tookMs: 1000 });
  script.at(settle + 3, {
    kind: 'observed',
    snapshot: snapshot({
      label: 'final',
      bricks,
      disks: ROUTERS.map((name, i) => ({ router: name, ranges: [[1, records[i] as number]] })),
    }),
  });
  phases(script, {
    open: 0.1,
    confirm: 21,
    disturb: START,
    settle,
    observe: settle + 1,
    close: settle + 4,
    over: settle + 8,
  });
  return script.history();
}
